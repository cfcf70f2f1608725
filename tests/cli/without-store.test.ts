import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createWorkplace, smallProgram, type Workplace } from "./command-line.ts";

let place: Workplace;
beforeEach(() => {
  place = createWorkplace();
  place.write("small.exp", smallProgram);
});
afterEach(() => {
  // Whatever was asked: commands that run nothing make nothing.
  expect(readdirSync(place.folder).filter((name) => !name.endsWith(".exp") || name === ".exp")).toEqual([]);
  place.close();
});

it("plans as if the store were empty", async () => {
  const { exitCode, out } = await place.exp("plan", "small.exp");
  expect(exitCode).toBe(0);
  expect(out).toContain("small.exp: 20 tasks, 0 stored, 20 to run\n");
});

it("prints open tables, and says that there is no store yet", async () => {
  const { exitCode, out, err } = await place.exp("table", "small.exp");
  expect(exitCode).toBe(0);
  expect(out).toContain("no answer yet");
  expect(err).toContain(`no store at ${join(place.folder, ".exp")} yet`);
});

it("says that nothing was ever asked", async () => {
  const { exitCode, out } = await place.exp("why", "small.exp", "logit", "test.auroc");
  expect(exitCode).toBe(0);
  expect(out).toContain("It would run.");
  expect(out).toContain("nothing was ever asked");
});

it("has nothing to export", async () => {
  const { exitCode, err } = await place.exp("export", "features", "small.exp");
  expect(exitCode).toBe(2);
  expect(err).toContain(`no store at ${join(place.folder, ".exp")} yet`);
});

it("has nothing to count", async () => {
  const text = await place.exp("cache", "stats", "--store", "other");
  expect(text).toMatchObject({ exitCode: 0, out: expect.stringContaining("no store at") as string });
  const json = await place.exp("cache", "stats", "--store", "other", "--json");
  expect(JSON.parse(json.out)).toMatchObject({
    version: 1,
    answers: 0,
    path: join(place.folder, "other/store.sqlite"),
  });
});

it("is told by doctor where the store would be made, however deep", async () => {
  const { exitCode, out } = await place.exp("doctor", "--store", "new/deep/folder");
  expect(exitCode).toBe(0);
  expect(out).toContain("new/deep/folder (made by the first run)");
});

it("is told by doctor that a file is in the way", async () => {
  const { exitCode, out } = await place.exp("doctor", "--store", "small.exp/store");
  expect(exitCode).toBe(4);
  expect(out).toContain("small.exp is a file, not a folder");
});

it("takes an empty EXP_STORE for unset, and refuses an empty --store", async () => {
  const { out } = await place.shell("export EXP_STORE=; exp doctor");
  expect(out).toContain(`${join(place.folder, ".exp")} (made by the first run)`);
  expect((await place.exp("plan", "small.exp", "--store", "")).exitCode).toBe(2);
});

it("says that a program without tables has nothing to run, and makes no store", async () => {
  place.write("bare.exp", smallProgram.slice(0, smallProgram.indexOf("table")));
  for (const command of ["plan", "run", "table"]) {
    const { exitCode, err } = await place.exp(command, "bare.exp");
    expect(exitCode).toBe(0);
    expect(err).toContain("bare.exp has no table");
    expect(err).toContain('table "');
  }
  expect(existsSync(join(place.folder, ".exp"))).toBe(false);
});
