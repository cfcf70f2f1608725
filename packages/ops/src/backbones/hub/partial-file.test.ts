import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { finishPartial, giveBack, partialPath, takePartial, touch } from "./partial-file.ts";

let folder: string;
let target: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "partial-file-"));
  target = join(folder, "blob");
});

afterEach(() => rm(folder, { recursive: true }));

it("is taken by one at a time, and at once again when it was given back", async () => {
  const first = await takePartial(target);
  expect(first).toMatchObject({ bytes: 0 });
  await first!.handle.write("some bytes");
  expect(await takePartial(target)).toBeNull();
  await giveBack(first!, true);
  await first!.handle.close();
  const second = await takePartial(target);
  expect(second).toMatchObject({ bytes: 10 });
  expect(await takePartial(target)).toBeNull();
  await giveBack(second!, false);
  await second!.handle.close();
  expect(await readdir(folder)).toEqual([]);
});

it("goes to one of many who want it at once", async () => {
  await writeFile(partialPath(target), "left");
  await utimes(partialPath(target), 0, 0);
  const taken = await Promise.all(Array.from({ length: 16 }, () => takePartial(target)));
  const mine = taken.filter((each) => each !== null);
  expect(mine).toHaveLength(1);
  for (const { handle } of mine) await handle.close();
  expect(mine[0]!.bytes).toBe(4);
  expect((await readdir(folder)).sort()).toEqual(["blob.exp.incomplete", "blob.exp.incomplete.owner"]);
});

it("goes at once from a process of this machine that was killed", async () => {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  await writeFile(partialPath(target), "left");
  await writeFile(`${partialPath(target)}.owner`, JSON.stringify({ host: hostname(), pid: child.pid }));
  const mine = (await takePartial(target))!;
  expect(mine.bytes).toBe(4);
  expect(await takePartial(target)).toBeNull();
  await mine.handle.close();
  await writeFile(`${partialPath(target)}.owner`, JSON.stringify({ host: "another", pid: child.pid }));
  expect(await takePartial(target)).toBeNull();
});

it("stays with who shows to hold it, without a change of its bytes", async () => {
  const held = (await takePartial(target))!;
  await held.handle.write("some bytes");
  await held.handle.utimes(0, 0);
  await touch(held.handle);
  expect(await takePartial(target)).toBeNull();
  expect(await readFile(held.path, "utf8")).toBe("some bytes");
  await held.handle.close();
});

it("gets its name only where it is still the file that was verified", async () => {
  const held = (await takePartial(target))!;
  await held.handle.write("verified");
  // Another one took it for left, found it wrong, removed it and began anew.
  await rm(held.path);
  await writeFile(held.path, "half");
  expect(await finishPartial(held, target)).toBe(false);
  await giveBack(held, false);
  await held.handle.close();
  expect(await readFile(held.path, "utf8")).toBe("half");
  await utimes(partialPath(target), 0, 0);
  const next = (await takePartial(target))!;
  expect(await finishPartial(next, target)).toBe(true);
  await next.handle.close();
  expect(await readdir(folder)).toEqual(["blob"]);
  expect(await readFile(target, "utf8")).toBe("half");
});

it("leaves alone what an older huggingface_hub is writing to", async () => {
  await writeFile(`${target}.incomplete`, "theirs");
  const mine = (await takePartial(target))!;
  expect(mine.bytes).toBe(0);
  expect((await stat(`${target}.incomplete`)).size).toBe(6);
  await mine.handle.close();
});
