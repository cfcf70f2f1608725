import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkGraph, type TaskGraph } from "@exp-lab/dsl";
import { describe, expect, test } from "vitest";
import { compileCase, diagnosticsText } from "./compile-case.ts";

/*
 * One folder of `cases/` per case: a program, and what compiling it must give: `diagnostics.txt` (absent: none) and
 * `graph.jsonl` (absent: the program has an error). `settings.json` holds an environment and `--set`. With `UPDATE=1`
 * the expected files are written anew; read the difference before committing it.
 */
const root = join(import.meta.dirname, "cases");

describe("language cases", () => {
  for (const name of readdirSync(root).sort()) {
    test(name, () => {
      const folder = join(root, name);
      const result = compileCase(folder);
      matchFile(join(folder, "diagnostics.txt"), diagnosticsText(result));
      matchFile(join(folder, "graph.jsonl"), result.graph === null ? "" : graphText(result.graph));
      if (result.graph !== null) expect(checkGraph(result.graph)).toEqual([]);
    });
  }
});

/** One line per task, per table and per cell. */
function graphText({ tasks, tables }: TaskGraph): string {
  const lines = [...tasks, ...tables.flatMap(({ cells, ...table }) => [table, ...cells])];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

function matchFile(path: string, found: string): void {
  if (process.env["UPDATE"] === "1") {
    if (found === "") rmSync(path, { force: true });
    else writeFileSync(path, found);
  }
  expect(found).toBe(existsSync(path) ? readFileSync(path, "utf8") : "");
}
