import { chmod, mkdir, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fakeCache } from "./hub-testing/fake-environment.ts";
import { fakeCommit, large, repository, sha256Of, small } from "./hub-testing/fake-files.ts";
import { modelBytes, modelDigest, startFetching, type Fetching } from "./hub-testing/fetching.ts";
import { partialPath } from "./partial-file.ts";

let user: Fetching;

beforeEach(async () => {
  user = await startFetching();
});

afterEach(() => user.close());

it("takes a blob that is there, and downloads one anew that was not copied to its end", async () => {
  await mkdir(dirname(user.blob), { recursive: true });
  await writeFile(user.blob, modelBytes);
  await user.fetchIt();
  expect(user.bodies()).toHaveLength(0);
  await rm(join(user.folder, "snapshots"), { recursive: true });
  await writeFile(user.blob, modelBytes.subarray(0, 5000));
  await user.fetchIt();
  expect(user.bodies()).toHaveLength(1);
  expect(sha256Of(await readFile(user.blob))).toBe(modelDigest);
});

it("removes what has the wrong digest, and says both", async () => {
  user.hub.faults.wrongBytes = true;
  const spoilt = modelBytes.with(-1, modelBytes.at(-1)! ^ 0xff);
  const failing = user.fetchIt();
  await expect(failing).rejects.toMatchObject({ code: "weights-digest-wrong" });
  await expect(failing).rejects.toThrow(modelDigest);
  await expect(failing).rejects.toThrow(sha256Of(spoilt));
  expect(await readdir(join(user.folder, "blobs"))).toEqual([]);
  user.hub.repositories.set("org/name", repository({ "model.bin": small("some small modelBytes") }));
  await expect(user.fetchIt({ file: "model.bin" })).rejects.toMatchObject({ code: "weights-digest-wrong" });
});

it("is cancelled by its signal, keeps what came and goes on with it", async () => {
  const controller = new AbortController();
  user.hub.faults.stopAfter = 100_000;
  const progress = (done: number) => {
    if (done >= 100_000) controller.abort();
  };
  await expect(user.fetchIt({}, { signal: controller.signal, progress })).rejects.toMatchObject({
    code: "weights-cancelled",
  });
  await expect(user.fetchIt({}, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "weights-cancelled" });
  user.hub.faults.stopAfter = null;
  await user.fetchIt();
  expect(user.bodies().map(({ range }) => range)).toEqual([null, "bytes=100000-"]);
});

it("downloads once where several fetch at the same time", async () => {
  const real = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, Math.min(milliseconds, 5)));
  const all = await Promise.all(Array.from({ length: 8 }, () => user.fetchIt({}, { wait: real })));
  for (const found of all) expect(found).toEqual(all[0]);
  expect(user.bodies()).toHaveLength(1);
  expect(await readdir(join(user.folder, "blobs"))).toEqual([modelDigest]);
});

it("takes over from a process that is gone, and not from one that is at work", async () => {
  await mkdir(dirname(user.blob), { recursive: true });
  await writeFile(partialPath(user.blob), modelBytes.subarray(0, 1000));
  const seen: number[] = [];
  let looks = 0;
  const watch = async (): Promise<void> => {
    looks += 1;
    // As it would look two minutes after the other one was killed.
    if (looks === 3) await utimes(partialPath(user.blob), 0, 0);
  };
  await user.fetchIt({}, { wait: watch, progress: (done) => seen.push(done) });
  expect(looks).toBe(3);
  expect(seen.slice(0, 3)).toEqual([1000, 1000, 1000]);
  expect(user.bodies().map(({ range }) => range)).toEqual(["bytes=1000-"]);
});

it("says where it may not write", async ({ skip }) => {
  if (process.getuid?.() === 0) {
    // Root may write everywhere: a file in place of a folder stands for it.
    await mkdir(dirname(fakeCache(user.home)), { recursive: true });
    await writeFile(fakeCache(user.home), "");
  } else if (process.platform === "win32") skip();
  else await chmod(user.home, 0o555);
  await expect(user.fetchIt()).rejects.toMatchObject({ code: "weights-cache-unwritable" });
  await chmod(user.home, 0o755);
});

it("keeps nothing on a disk that is full", async () => {
  user.hub.repositories.set("org/name", repository({ "model.safetensors": large(modelBytes) }));
  const known = { "x-repo-commit": fakeCommit, "x-linked-etag": `"${modelDigest}"`, "x-linked-size": String(2 ** 60) };
  user.hub.faults.instead.push({
    status: 302,
    headers: { ...known, location: `${user.hub.store}/blobs/${modelDigest}` },
  });
  const failing = user.fetchIt();
  await expect(failing).rejects.toMatchObject({ code: "weights-disk-full" });
  await expect(failing).rejects.toThrow("MB free");
  expect(await readdir(join(user.folder, "blobs"))).toEqual([]);
});
