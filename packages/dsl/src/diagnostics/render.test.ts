import { describe, expect, it } from "vitest";
import { parse } from "../2-ast/parse.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { renderDiagnostic } from "./render.ts";

function render(text: string): string {
  const source = { path: "tables/frozen.exp", text };
  return parse(source)
    .diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, [source]))
    .join("\n\n");
}

describe("renderDiagnostic", () => {
  it("shows the message, the place, the line with the exact token underlined, and help", () => {
    expect(render("exp 1\nhead probe = linear {\n\tlr 0.1\n}")).toBe(
      [
        "error[E032]: expected `:` after `lr`, found the number `0.1`",
        "  --> tables/frozen.exp:3:5",
        "   |",
        " 3 |   lr 0.1",
        "   |      ^^^",
        "help: write `lr: 0.1`",
      ].join("\n"),
    );
  });

  it("shows related places and the end of the file", () => {
    expect(render("exp 1\nsweep s {\n  seed: 1\n")).toBe(
      [
        "error[E014]: expected `}` before the end of the file",
        "  --> tables/frozen.exp:3:10",
        "   |",
        " 3 |   seed: 1",
        "   |          ^",
        "note: this `{` is never closed",
        "  --> tables/frozen.exp:2:9",
        "   |",
        " 2 | sweep s {",
        "   |         -",
        "help: write the missing `}`",
      ].join("\n"),
    );
  });

  it("keeps the carets under the token where characters are drawn wide or not at all", () => {
    const lines = render('exp 1\nparam x = f("図e\u0301", 1e)').split("\n");
    expect(lines[3]).toBe(' 2 | param x = f("図e\u0301", 1e)');
    // One column more than characters for the wide sign, one less for the combining accent.
    expect(lines[4]).toBe(`   | ${" ".repeat('param x = f("xxe", '.length)}^^`);
  });

  it("cuts a long line around the place", () => {
    const lines = render(`exp 1\nparam x = [${"1, ".repeat(500)}1e, ${"2, ".repeat(500)}]`).split("\n");
    expect(lines[3]?.length).toBeLessThan(120);
    expect(lines[3]).toMatch(/^ 2 \| ….*1e, 2.*…$/);
    expect(lines[4]?.indexOf("^^")).toBe(lines[3]?.indexOf("1e"));
  });

  it("lets no control character of the source through", () => {
    const shown = render("exp 1\nparam x = \u001b[31m1e\u202e");
    expect(shown).not.toMatch(/[\u001b\u202e]/);
    expect(shown).toContain("\\u{1b}");
  });

  it("names the file alone where its text is not at hand", () => {
    const diagnostic: Diagnostic = {
      code: "E100",
      severity: "error",
      message: "no such file",
      span: { path: "lib.exp", start: 3, end: 4 },
    };
    expect(renderDiagnostic(diagnostic, [])).toBe("error[E100]: no such file\n  --> lib.exp");
  });

  it("colours with the functions that it is handed", () => {
    const source = { path: "a.exp", text: "exp 1" };
    const diagnostic: Diagnostic = {
      code: "W100",
      severity: "warning",
      message: "no use",
      span: { path: "a.exp", start: 0, end: 3 },
      hint: "delete it",
    };
    const mark = (name: string) => (text: string) => `<${name}>${text}</${name}>`;
    const paint = { bad: mark("bad"), warning: mark("warning"), dim: mark("dim"), bold: mark("bold") };
    const shown = renderDiagnostic(diagnostic, [source], paint);
    expect(shown).toContain("<warning>warning[W100]</warning><bold>: ");
    expect(shown).toContain("<warning>^^^</warning>");
    expect(shown).toContain("<bold>help</bold>: ");
    expect(shown).not.toContain("<bad>");
  });
});
