import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compile, renderDiagnostic, type CompileResult } from "@exp-lab/dsl";
import { builtinOps, presets } from "@exp-lab/ops";
import { describe, expect, test } from "vitest";

/*
 * What a reviewer of a paper would not let pass, planted one to a program, and programs as people write them, in which
 * there is nothing to find. Both are compiled against the real ops. No data is there: nothing may need any.
 */
const signatures = builtinOps.map((op) => op.signature);

describe("planted mistakes", () => {
  const files = programsOf("mistakes");
  test("are forty at least", () => {
    expect(files.length).toBeGreaterThanOrEqual(40);
  });

  test.each(files)("%s", (file) => {
    const text = readFileSync(join(import.meta.dirname, "mistakes", file), "utf8");
    const expected = /^\/\/ ([EW]\d{3}): ./.exec(text)?.[1];
    const { diagnostics, graph } = compileText(file, text);
    expect([...new Set(diagnostics.map(({ code }) => code))]).toEqual([expected]);
    // An error leaves nothing to run; what must only be known does not stand in the way.
    expect(graph === null).toBe(expected?.startsWith("E"));
    for (const { span, hint } of diagnostics) {
      expect(text.slice(span.start, span.end)).not.toBe("");
      expect(hint).toBeDefined();
    }
  });
});

describe("valid programs", () => {
  const files = programsOf("valid");
  test("are fifty at least", () => {
    expect(files.length).toBeGreaterThanOrEqual(50);
  });

  test.each(files)("%s", (file) => {
    const text = readFileSync(join(import.meta.dirname, "valid", file), "utf8");
    const { diagnostics, sources, graph } = compileText(file, text);
    expect(diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, sources)).join("\n")).toBe("");
    expect(graph?.tasks.length).toBeGreaterThan(0);
  });
});

function programsOf(folder: string): readonly string[] {
  return readdirSync(join(import.meta.dirname, folder)).sort();
}

function compileText(file: string, text: string): CompileResult {
  const readSource = (path: string): string | null => (path === file ? text : null);
  return compile({ entry: file, readSource, signatures, presets, environment: {}, settings: {} });
}
