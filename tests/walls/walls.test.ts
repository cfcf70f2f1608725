import { afterAll, describe, expect, it } from "vitest";
import { createWalledTree } from "./tree.ts";

const dsl = "packages/dsl/src";
const ops = "packages/ops/src";
const runner = "packages/runner/src";

const module = "export const value = 1;\n";
const tree = createWalledTree({
  ...Object.fromEntries(
    [
      ...[
        "1-parse/lexer",
        "2-ast/ast",
        "3-check/check",
        "4-expand/task-graph",
        "text/source",
        "signature/signature",
      ].map((name) => `${dsl}/${name}.ts`),
      ...["index", "compile", "compile-options", "language-services/hover"].map((name) => `${dsl}/${name}.ts`),
      ...["index", "op", "runtime/session", "metrics/f1"].map((name) => `${ops}/${name}.ts`),
      ...["1-plan/plan", "2-execute/events", "3-tabulate/table", "3-tabulate/tabulate", "4-report/plain"].map(
        (name) => `${runner}/${name}.ts`,
      ),
      ...["index", "run-experiment", "cli/main", "cli/session", "hash/digests", "store/store"].map(
        (name) => `${runner}/${name}.ts`,
      ),
      `${runner}/4-report/ink/dashboard.ts`,
      "tests/engine/bench.ts",
    ].map((file) => [file, module]),
  ),
  [`${ops}/cycle-a.ts`]: 'import { b } from "./cycle-b.ts";\nexport const a = b;\n',
  [`${ops}/cycle-b.ts`]: 'import { a } from "./cycle-a.ts";\nexport const b = a;\n',
});
afterAll(() => tree.remove());

/** One line per wall: the file, what it must not say, and a part of the answer. */
const breaches: readonly (readonly [file: string, text: string, answer: string])[] = [
  [`${runner}/1-plan/x.ts`, 'import { value } from "@exp-lab/ops/src/op.ts";', "Packages meet at index.ts"],
  [`${runner}/1-plan/x.ts`, 'export * from "@exp-lab/dsl/dist/index.js";', "Packages meet at index.ts"],
  [`${runner}/1-plan/x.ts`, 'await import("@exp-lab/ops/src/op.ts");', "Packages meet at index.ts"],
  [`${ops}/metrics/x.ts`, 'import { value } from "../../../dsl/src/index.ts";', "Packages meet at index.ts"],
  [`${ops}/metrics/x.ts`, 'import type { Value } from "../../../dsl/src/index.ts";', "Packages meet at index.ts"],
  [`${ops}/metrics/x.test.ts`, 'import { value } from "../../../dsl/src/index.ts";', "Packages meet at index.ts"],
  ["tests/engine/x.ts", 'import { value } from "../../packages/ops/src/op.ts";', "Packages meet at index.ts"],
  [
    `${ops}/metrics/x.ts`,
    'import { value } from "../../../../tests/engine/bench.ts";',
    "Only a test imports from tests/",
  ],

  [`${dsl}/3-check/x.ts`, 'import { readFileSync } from "node:fs";', "The language is pure"],
  [`${dsl}/3-check/x.ts`, 'import { readFileSync } from "fs";', "The language is pure"],
  [`${dsl}/3-check/x.ts`, 'import pc from "picocolors";', "The language is pure"],
  [`${dsl}/3-check/x.ts`, 'import type { Op } from "@exp-lab/ops";', "The language is pure"],
  [`${dsl}/3-check/x.ts`, 'await import("node:os");', "The language is pure"],
  [`${dsl}/3-check/x.ts`, 'export const home = process.env["HOME"];', "The language is pure"],
  [`${dsl}/3-check/x.test.ts`, 'import type { Op } from "@exp-lab/ops";', "runner -> ops -> dsl, never back"],
  [`${ops}/heads/x.ts`, 'import type { Plan } from "@exp-lab/runner";', "runner -> ops -> dsl, never back"],
  [`${ops}/heads/x.test.ts`, 'await import("@exp-lab/runner");', "runner -> ops -> dsl, never back"],

  [`${runner}/1-plan/x.ts`, 'import Database from "better-sqlite3";', "Only packages/runner/src/store touches SQLite"],
  [`${runner}/cli/x.ts`, 'import type { Database } from "better-sqlite3";', "Only packages/runner/src/store"],
  [`${ops}/datasets/x.ts`, 'import { DatabaseSync } from "node:sqlite";', "Only packages/runner/src/store"],
  ["tests/engine/x.test.ts", 'import Database from "better-sqlite3";', "Only packages/runner/src/store"],
  [`${ops}/heads/x.ts`, 'import { Tensor } from "onnxruntime-node";', "Only packages/ops/src/runtime touches native"],
  [`${ops}/heads/x.ts`, 'import * as tf from "@tensorflow/tfjs";', "Only packages/ops/src/runtime touches native"],
  [`${ops}/heads/x.ts`, 'await import("@tensorflow/tfjs");', "Only packages/ops/src/runtime touches native"],
  [`${runner}/2-execute/x.ts`, 'import { Tensor } from "onnxruntime-common";', "Only packages/ops/src/runtime"],
  [`${runner}/4-report/x.ts`, 'import { render } from "ink";', "Only packages/runner/src/4-report/ink touches Ink"],
  [`${runner}/cli/x.ts`, 'import { useState } from "react";', "Only packages/runner/src/4-report/ink touches Ink"],
  [
    `${runner}/4-report/x.ts`,
    'import { value } from "./ink/dashboard.ts";',
    "Load the dashboard with a dynamic import",
  ],

  [`${runner}/hash/x.ts`, 'import { value } from "../cli/main.ts";', "Nothing imports cli/"],
  [`${runner}/4-report/x.ts`, 'import { value } from "../cli/main.ts";', "Nothing imports cli/"],
  [`${runner}/index.ts`, 'export * from "./cli/main.ts";', "Nothing imports cli/"],
  [`${runner}/1-plan/x.ts`, 'await import("../cli/main.ts");', "Nothing imports cli/"],
  ...["hash", "store", "1-plan", "2-execute", "3-tabulate"].map(
    (folder) =>
      [
        `${runner}/${folder}/x.ts`,
        'import { value } from "../4-report/plain.ts";',
        "A numbered folder imports",
      ] as const,
  ),
  [`${dsl}/1-parse/x.ts`, 'import type { Ast } from "../2-ast/ast.ts";', "A numbered folder imports"],
  [`${dsl}/3-check/rules/x.ts`, 'import { value } from "../../4-expand/task-graph.ts";', "A numbered folder imports"],
  [`${dsl}/text/x.ts`, 'import { value } from "../1-parse/lexer.ts";', "A numbered folder imports"],
  [`${dsl}/4-expand/x.ts`, 'import { value } from "../language-services/hover.ts";', "A numbered folder imports"],
  [`${dsl}/4-expand/x.ts`, 'import { value } from "../compile.ts";', "A numbered folder imports"],
  [`${runner}/1-plan/x.ts`, 'import { value } from "../2-execute/events.ts";', "A numbered folder imports"],
  [`${runner}/2-execute/x.ts`, 'import { value } from "../3-tabulate/tabulate.ts";', "A numbered folder imports"],
  [`${runner}/store/x.ts`, 'import { value } from "../1-plan/plan.ts";', "A numbered folder imports"],
  [`${runner}/2-execute/x.ts`, 'import { value } from "../run-experiment.ts";', "A numbered folder imports"],
  [`${ops}/cycle-a.ts`, 'import { b } from "./cycle-b.ts"; export const a = b;', "Dependency cycle detected"],

  [`${dsl}/text/x.ts`, "export const now = Date.now();", "No clock in dsl and ops"],
  [`${ops}/splits/x.ts`, "export const now = new Date();", "No clock in dsl and ops"],
  [`${ops}/splits/x.ts`, "export const draw = Math.random();", "Draw from a seeded stream"],
  [`${ops}/splits/x.test.ts`, "export const draw = Math.random();", "Draw from a seeded stream"],
  [`${dsl}/text/x.ts`, 'export const order = "a".localeCompare("b");', "Order by code unit"],
  [`${runner}/cli/x.ts`, 'export const order = "a".localeCompare("b");', "Order by code unit"],
  ["tests/engine/x.test.ts", 'export const order = "a".localeCompare("b");', "Order by code unit"],
  [`${runner}/2-execute/x.ts`, 'console.log("done");', "no-console"],
  [`${ops}/heads/x.ts`, 'process.stderr.write("done");', "The engine speaks in events"],
  [`${runner}/store/x.ts`, 'process.stdout.write("done");', "The engine speaks in events"],

  [`${ops}/op.ts`, "export default 1;", "no-default-export"],
  [`${runner}/cli/x.ts`, "export const value: any = 1;", "no-explicit-any"],
  [`${runner}/cli/x.ts`, "export enum Colour { Red }", "a union of string literals instead of an enum"],
  [`${runner}/cli/x.ts`, 'export type D = import("better-sqlite3").Database;', "Write `import type` at the top"],
];

const allowed: readonly (readonly [file: string, text: string])[] = [
  [`${runner}/1-plan/x.ts`, 'import { value } from "@exp-lab/ops"; import type { Task } from "@exp-lab/dsl";'],
  [
    `${ops}/heads/x.ts`,
    'import type { OpSignature } from "@exp-lab/dsl"; import { readFile } from "node:fs/promises";',
  ],
  [`${ops}/heads/x.test.ts`, 'import { value } from "../../../../tests/engine/bench.ts";'],
  ["tests/engine/x.test.ts", 'import { value } from "@exp-lab/runner"; import { readFile } from "node:fs/promises";'],
  ["tests/engine/x.ts", 'import type { Op } from "../../packages/ops/src/op.ts";'],
  [`${dsl}/1-parse/x.ts`, 'import { CstParser } from "chevrotain"; import { value } from "../text/source.ts";'],
  [`${dsl}/1-parse/x.test.ts`, 'import { expect } from "vitest"; import { readFileSync } from "node:fs";'],
  [
    `${runner}/store/sqlite/x.ts`,
    'import Database from "better-sqlite3"; import { value } from "../../hash/digests.ts";',
  ],
  [`${ops}/runtime/x.ts`, 'import { Tensor } from "onnxruntime-node"; await import("@tensorflow/tfjs");'],
  [`${runner}/4-report/ink/x.ts`, 'import { render } from "ink"; import { useState } from "react";'],
  [`${runner}/4-report/x.ts`, 'await import("./ink/dashboard.ts");'],
  [`${runner}/cli/x.ts`, 'import { value } from "./session.ts"; import { run } from "../run-experiment.ts";'],
  [`${runner}/cli/x.ts`, 'console.log("done"); process.stdout.write(new Date().toISOString());'],
  [`${runner}/4-report/x.ts`, 'process.stderr.write("done"); import { value } from "../2-execute/events.ts";'],
  [
    `${dsl}/4-expand/x.ts`,
    'import { value } from "../3-check/check.ts"; import { a } from "../signature/signature.ts";',
  ],
  [`${dsl}/2-ast/x.ts`, 'import type { CompileOptions } from "../compile-options.ts";'],
  [`${dsl}/language-services/x.ts`, 'import { value } from "../4-expand/task-graph.ts";'],
  [`${dsl}/compile.ts`, 'import { value } from "./4-expand/task-graph.ts";'],
  [`${runner}/2-execute/x.ts`, 'import type { Table } from "../3-tabulate/table.ts";'],
  [`${ops}/cycle-b.ts`, 'import type { a } from "./cycle-a.ts"; export type B = typeof a;'],
];

describe("the walls", () => {
  it.each(breaches)("stop %s: %s", async (file, text, answer) => {
    expect(await tree.lint(file, text)).toEqual([expect.stringContaining(answer)]);
  });

  it.each(allowed)("let %s: %s", async (file, text) => {
    expect(await tree.lint(file, text)).toEqual([]);
  });
});
