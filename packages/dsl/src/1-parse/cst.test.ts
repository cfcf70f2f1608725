import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format } from "prettier";
import { describe, expect, it } from "vitest";
import { Lexer, generateCstDts } from "./chevrotain.ts";
import { ProgramParser } from "./grammar.ts";
import { tokenTypes } from "./tokens.ts";

const file = fileURLToPath(new URL("./cst.ts", import.meta.url));

describe("the grammar", () => {
  it("has no ambiguity and no left recursion that Chevrotain's validations find", () => {
    expect(() => new ProgramParser(false)).not.toThrow();
  });

  it("has tokens that the lexer's validations accept", () => {
    const lexer = new Lexer([...tokenTypes], { positionTracking: "full", ensureOptimizations: true });
    expect(lexer.lexerDefinitionErrors).toEqual([]);
  });

  it("has the tree's types written down in cst.ts (UPDATE=1 writes them anew)", async () => {
    const text = await writeCstTypes();
    if (process.env["UPDATE"] === "1") writeFileSync(file, text);
    expect(readFileSync(file, "utf8")).toBe(text);
  });
});

async function writeCstTypes(): Promise<string> {
  const generated = generateCstDts(new ProgramParser(true).getGAstProductions(), { includeVisitorInterface: false });
  const types = generated
    .replace("CstNode, ICstVisitor, IToken", "CstNode, IToken")
    .replace(/^ {2}(\w+)\??: \(?(\w+)\)?\[\];$/gm, "  $1?: $2[];");
  const heading = `/*
 * Generated from the grammar: \`UPDATE=1 npx vitest run packages/dsl/src/1-parse/cst.test.ts\`. Do not edit.
 * Every child is optional, since the parser leaves out what it could not find.
 */

`;
  return format(heading + types, { parser: "typescript", printWidth: 120 });
}
