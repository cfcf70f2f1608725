import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
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

describe("several tables", () => {
  beforeEach(() => {
    place.write("two.exp", smallProgram + smallProgram.slice(smallProgram.indexOf("table")).replace("Small", "Other"));
  });

  it.each([[["--json"]], [["--format", "json"]]])("are lines of JSON under %j", async (options) => {
    const { exitCode, out } = await place.exp("table", "two.exp", ...options);
    expect(exitCode).toBe(0);
    const documents = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
    expect(documents).toMatchObject([
      { version: 1, title: "Small" },
      { version: 1, title: "Other" },
    ]);
  });

  it("need a name to be CSV", async () => {
    const { exitCode, out, err } = await place.exp("table", "two.exp", "--format", "csv");
    expect(exitCode).toBe(2);
    expect(out).toBe("");
    expect(err).toContain("  Small\n  Other\n");
    const named = await place.exp("table", "two.exp", "Oth", "--format", "csv");
    expect(named.exitCode).toBe(0);
    expect(named.out.match(/metric,n,/g)).toHaveLength(1);
  });
});

describe("files that cannot be read", () => {
  it("are diagnostics of check, beside those of the others", async () => {
    mkdirSync(join(place.folder, "folder.exp"));
    place.write("wrong.exp", "exp 1\nhead h = nothing {}\n");
    const { exitCode, out } = await place.exp("check", "--json", "folder.exp", "none.exp", "wrong.exp");
    expect(exitCode).toBe(2);
    const { diagnostics } = JSON.parse(out) as { diagnostics: { file: string; message: string; start: unknown }[] };
    expect(diagnostics.map(({ file }) => file)).toEqual(["folder.exp", "none.exp", "wrong.exp"]);
    expect(diagnostics[0]).toMatchObject({ severity: "error", start: { line: 1, column: 1 }, hint: null });
    expect(diagnostics[0]?.message).toContain("it is a folder");
  });

  it("do not keep check and fmt from the others", async () => {
    mkdirSync(join(place.folder, "folder.exp"));
    const checked = await place.exp("check", "folder.exp", "small.exp");
    expect(checked).toMatchObject({ exitCode: 2, out: "✓ small.exp: 1 table, 20 tasks\n" });
    place.write("loose.exp", "exp   1\n");
    const formatted = await place.exp("fmt", "nofile", "loose.exp");
    expect(formatted).toMatchObject({ exitCode: 2, err: "error: There is no file nofile.\n" });
    expect(readFileSync(join(place.folder, "loose.exp"), "utf8")).toBe("exp 1\n");
  });
});

it("fmt tells which files changed", async () => {
  place.write("loose.exp", "exp   1\n");
  place.write("broken.exp", "exp 1\nhead = {\n");
  await place.exp("fmt", "small.exp");
  const { exitCode, out } = await place.exp("fmt", "--json", "--check", "loose.exp", "small.exp", "broken.exp");
  expect(exitCode).toBe(2);
  expect(JSON.parse(out)).toMatchObject({
    version: 1,
    files: [
      { file: "loose.exp", changed: true },
      { file: "small.exp", changed: false },
      { file: "broken.exp", changed: false, diagnostics: expect.any(Array) as unknown },
    ],
  });
  expect((await place.exp("fmt", "--json", "--check", "loose.exp")).exitCode).toBe(1);
  expect(readFileSync(join(place.folder, "loose.exp"), "utf8")).toBe("exp   1\n");
});
