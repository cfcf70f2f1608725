import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderDiagnostic } from "../diagnostics/render.ts";
import { formatProgram } from "./format.ts";
import { parse } from "./parse.ts";

const kitchenSink = readFileSync(new URL("../../samples/kitchen-sink.exp", import.meta.url), "utf8");
const tokens = kitchenSink.match(/\/\/[^\n]*\n|"(?:[^"\\]|\\.)*"|[+-]?\d[\w.]*|\w+|\.\.|[^\s\w]|\s+/g) ?? [];

describe("parse, given anything", () => {
  it("never throws on text of any kind", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary", maxLength: 200 }), fc.string({ maxLength: 200 })), expectSense),
      { numRuns: 500, seed: 7 },
    );
  });

  it("never throws on tokens in any order", () => {
    const soup = fc.array(fc.constantFrom(...tokens, "'a'", "#", "True", "..", "=", ":", ",", "\n"), { maxLength: 60 });
    fc.assert(
      fc.property(
        soup.map((pieces) => pieces.join(" ")),
        expectSense,
      ),
      { numRuns: 1500, seed: 7 },
    );
  });

  it("never throws on a program with tokens missing, doubled or exchanged", () => {
    const edit = fc.tuple(
      fc.nat(tokens.length - 1),
      fc.nat(tokens.length - 1),
      fc.constantFrom("drop", "double", "swap"),
    );
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 5 }), (edits) => {
        const pieces = [...tokens];
        for (const [from, to, what] of edits) {
          const [first, second] = [pieces[from] ?? "", pieces[to] ?? ""];
          if (what === "drop") pieces[from] = "";
          if (what === "double") pieces[from] = `${first} ${first}`;
          if (what === "swap") [pieces[from], pieces[to]] = [second, first];
        }
        expectSense(pieces.join(""));
      }),
      { numRuns: 400, seed: 7 },
    );
  });
});

function expectSense(text: string): void {
  const source = { path: "a.exp", text };
  const { ast, diagnostics } = parse(source);
  expect(diagnostics.length).toBeLessThanOrEqual(100);
  expect(JSON.parse(JSON.stringify(ast))).toEqual(ast);
  for (const diagnostic of diagnostics) {
    expect(diagnostic.span.start).toBeGreaterThanOrEqual(0);
    expect(diagnostic.span.end).toBeGreaterThanOrEqual(diagnostic.span.start);
    expect(diagnostic.span.end).toBeLessThanOrEqual(text.length);
    expect(`${diagnostic.message} ${diagnostic.hint ?? ""}`).not.toMatch(
      /[\n\r]|Expecting|Redundant|Literal|NaN|undefined/,
    );
    // The grammar takes any sequence of tokens: nothing is left for the parser's own errors.
    expect(diagnostic.code).not.toBe("E049");
    renderDiagnostic(diagnostic, [source]);
  }
  formatProgram(source);
}
