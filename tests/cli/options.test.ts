import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createWorkplace, smallProgram, type Workplace } from "./command-line.ts";

let place: Workplace;
beforeEach(() => {
  place = createWorkplace();
  place.write("small.exp", smallProgram);
});
afterEach(() => {
  place.close();
});

describe("options that mean the same everywhere", () => {
  const shared = ["--json", "--device", "cpu", "--jobs", "2", "--no-tui", "--quiet", "--verbose"];

  it.each([
    [["check", "small.exp"]],
    [["fmt", "small.exp", "--check"]],
    [["plan", "small.exp"]],
    [["table", "small.exp"]],
    [["graph", "small.exp"]],
    [["ops", "knn"]],
    [["datasets"]],
    [["cache", "stats"]],
    [["doctor"]],
  ])("stand before or after the command: %j", async (command) => {
    const before = await place.exp(...shared, ...command);
    const after = await place.exp(...command, ...shared);
    expect(before).toMatchObject({ out: after.out, exitCode: after.exitCode });
    expect(JSON.parse(after.out)).toMatchObject({ version: 1 });
  });

  it("refuses values that cannot be, in every command", async () => {
    const jobs = await place.exp("check", "small.exp", "--jobs", "many");
    expect(jobs).toMatchObject({ exitCode: 2, err: expect.stringContaining("--jobs takes") as string });
    expect(await place.exp("fmt", "small.exp", "--device", "tpu")).toMatchObject({ exitCode: 2 });
  });
});

describe("names kept for a later version", () => {
  it.each([
    [["explain", "small.exp"]],
    [["lsp", "--stdio"]],
    [["--json", "explain"]],
    [["run", "small.exp", "--detach"]],
    [["run", "small.exp", "--on", "host"]],
    [["check", "small.exp", "--fix"]],
  ])("are refused as such: %j", async (argv) => {
    const { exitCode, out, err } = await place.exp(...argv);
    expect(exitCode).toBe(2);
    expect(out).toBe("");
    expect(err).toContain("kept for a later version");
  });
});

describe("--help", () => {
  it("names every command, the shared options, an example and the exit codes within 80 columns", async () => {
    const { exitCode, out } = await place.exp("--help");
    expect(exitCode).toBe(0);
    for (const word of ["check <file...>", "doctor", "--store <folder>", "exp run experiments/", "130  interrupted"]) {
      expect(out).toContain(word);
    }
    expect(out).not.toContain("lsp");
    expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it("of a command shows its own options and the shared ones", async () => {
    const { exitCode, out } = await place.exp("table", "--help");
    expect(exitCode).toBe(0);
    expect(out).toContain("text (default), md, csv, json, latex");
    expect(out).toContain("--set <name=value>");
  });
});

it("colours only where asked to when the output is no terminal", async () => {
  const plain = await place.shell("exp check small.exp");
  const forced = await place.shell("export FORCE_COLOR=1; exp check small.exp");
  expect(plain.out).toBe("✓ small.exp: 1 table, 20 tasks\n");
  expect(forced.out).toContain("\u001b[32m✓");
});
