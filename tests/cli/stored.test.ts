import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorkplace, smallProgram, type Workplace } from "./command-line.ts";

/** One run, of which everything here is told. */
let place: Workplace;
beforeAll(async () => {
  place = createWorkplace();
  place.write("small.exp", smallProgram);
  const { exitCode, err } = await place.exp("run", "small.exp");
  expect(exitCode).toBe(0);
  expect(err).toContain("small.exp: 20 tasks, 0 stored, 20 to run\n");
});
afterAll(() => {
  place.close();
});

it("plan and run count with the same words", async () => {
  place.write("more.exp", smallProgram.replace("k: 5", "k: 3"));
  const { out } = await place.exp("plan", "more.exp");
  expect(out).toContain("more.exp: 20 tasks, 13 stored, 7 to run\n");
  const { err } = await place.exp("run", "more.exp");
  expect(err).toContain("more.exp: 20 tasks, 13 stored, 7 to run\n");
});

describe("why, of a copied program", () => {
  it("names the run and the program that made the answer", async () => {
    place.write("copy.exp", smallProgram);
    const { out } = await place.exp("why", "copy.exp", "logit", "test.auroc");
    expect(out).toContain("made by run 1 of small.exp");
  });

  it("says that the program never asked, where the answer is not stored", async () => {
    place.write("copy.exp", smallProgram.replace("k: 5", "k: 7"));
    const { out } = await place.exp("why", "copy.exp", "near", "test.auroc");
    expect(out).toContain("It would run.");
    expect(out).toContain("Nothing of this name was asked by copy.exp before in this store.");
  });
});

it("table draws no ranks where there are few data sets, and says what it takes", async () => {
  const { exitCode, out, err } = await place.exp("table", "small.exp", "--format", "svg");
  expect(exitCode).toBe(2);
  expect(out).toBe("");
  expect(err).toContain('The table "Small" has no ranking to draw');
});

it("table says which intervals nobody has asked for yet, since its rows and columns were others", async () => {
  place.write("turned.exp", smallProgram.replace("rows: backbone, head", "rows: backbone\n  columns: head"));
  const note = "Not computed yet: intervals and tests of 4 cells; `exp run` works them out.";
  const { exitCode, out } = await place.exp("table", "turned.exp");
  expect(exitCode).toBe(0);
  expect(out).toContain(note);
  expect((await place.exp("table", "small.exp")).out).not.toContain("Not computed yet");
  expect((await place.exp("run", "turned.exp")).exitCode).toBe(0);
  expect((await place.exp("table", "turned.exp")).out).not.toContain("Not computed yet");
});

it("export tells its files as JSON", async () => {
  const { exitCode, out } = await place.exp("export", "predictions", "small.exp", "--json", "--out", "here");
  expect(exitCode).toBe(0);
  const { version, files } = JSON.parse(out) as { version: number; files: string[] };
  expect(version).toBe(1);
  expect(files).toHaveLength(2);
  expect(files.every((file) => existsSync(join(place.folder, file)))).toBe(true);
});

it("export says what is in the way of its folder", async () => {
  const { exitCode, err } = await place.exp("export", "features", "small.exp", "--out", "small.exp/here");
  expect(exitCode).toBe(4);
  expect(err).toContain("Cannot write small.exp/here");
});

describe("a reader that goes away", () => {
  it.each([
    ["standard output", "exp run small.exp --rehash --json --store new 2>messages"],
    ["standard error", "exp run small.exp --store newer 2>&1 >table"],
  ])("of %s ends the command quietly", async (_, command) => {
    const { err } = await place.shell(`{ ${command}; echo $? >status; } | head -n 1; sleep 0.1`);
    expect(readFileSync(join(place.folder, "status"), "utf8")).toBe("0\n");
    expect(err).toBe("");
    expect(readFileSync(join(place.folder, "messages"), "utf8")).not.toMatch(/EPIPE|bug/);
  });
});
