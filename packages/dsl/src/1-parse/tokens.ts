import type { TokenType } from "chevrotain";
import { Lexer, createToken } from "./chevrotain.ts";

/**
 * The kinds of token. No word is reserved except `true`, `false` and `null`: every other word of the grammar is also a
 * `Name`, so that a field, a parameter or a declaration may be called `head` or `table`.
 *
 * Patterns are wider than the language on purpose (a number takes in the letters that follow it, a name its hyphens):
 * a malformed word is then one token, which `check-tokens.ts` explains as a whole.
 */

/** Whatever may stand in the wrong place and be stepped over: every token but brackets and the marks between declarations. */
export const Anything = createToken({ name: "Anything", pattern: Lexer.NA });

export const Whitespace = createToken({
  name: "Whitespace",
  pattern: /[\s\uFEFF]+/,
  group: Lexer.SKIPPED,
  line_breaks: true,
});

/** `// ...` to the end of the line. */
export const Comment = createToken({ name: "Comment", pattern: /\/\/[^\n\r]*/, group: "comments" });

/** A comment as other languages write it: kept away from the parser and explained. */
export const ForeignComment = createToken({
  name: "ForeignComment",
  pattern: /#[^\n\r]*|--[^\n\r]*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/)?/,
  group: "foreignComments",
  line_breaks: true,
});

/** A string, also one that no quote closes before the line ends, and one in quotes that are not ours: all are explained. */
export const StringLiteral = createToken({
  name: "StringLiteral",
  pattern:
    /"(?:[^"\\\n\r]|\\[^\n\r])*["\\]?|'(?:[^'\\\n\r]|\\[^\n\r])*['\\]?|[\u201C-\u201E][^\u201C-\u201E\n\r]*[\u201C-\u201E]?/,
  categories: Anything,
});

export const NumberLiteral = createToken({
  name: "NumberLiteral",
  pattern: /[+-]?\.?\d(?:[eE][+-]|[A-Za-z0-9_]|\.(?!\.))*/,
  categories: Anything,
});

export const Name = createToken({
  name: "Name",
  pattern:
    /[A-Za-z_\u00C0-\u024F\u0370-\u1FFF\u3040-\uD7FF\uF900-\uFDFF][A-Za-z0-9_\u00C0-\u024F\u0300-\u1FFF\u3040-\uD7FF\uF900-\uFDFF]*(?:-[A-Za-z0-9_]+)*/,
  categories: Anything,
});

/** The first word of a declaration of the form `KIND name = value`. */
export const Kind = createToken({ name: "Kind", pattern: Lexer.NA });

/** `max` or `min`. */
export const Want = createToken({ name: "Want", pattern: Lexer.NA });

export const Exp = word("Exp", "exp", [Name]);
export const Import = word("Import", "import", [Name]);
export const Sweep = word("Sweep", "sweep", [Name]);
export const Table = word("Table", "table", [Name]);
export const Where = word("Where", "where", [Name]);
export const Except = word("Except", "except", [Name]);
export const Per = word("Per", "per", [Name]);
export const True = word("True", "true", [Anything]);
export const False = word("False", "false", [Anything]);
export const Null = word("Null", "null", [Anything]);

const wants = [word("Max", "max", [Name, Want]), word("Min", "min", [Name, Want])];

/** The words that begin a declaration of the form `KIND name = value`. */
export const kindWords = ["param", "dataset", "backbone", "head", "tune", "model", "figure"] as const;

const kinds = kindWords.map((text) => word(`Kind_${text}`, text, [Name, Kind]));

export const LeftCurly = createToken({ name: "LeftCurly", pattern: "{" });
export const RightCurly = createToken({ name: "RightCurly", pattern: "}" });
export const LeftSquare = createToken({ name: "LeftSquare", pattern: "[" });
export const RightSquare = createToken({ name: "RightSquare", pattern: "]" });
export const LeftRound = createToken({ name: "LeftRound", pattern: "(" });
export const RightRound = createToken({ name: "RightRound", pattern: ")" });
export const Colon = createToken({ name: "Colon", pattern: ":", categories: Anything });
export const Equals = createToken({ name: "Equals", pattern: "=", categories: Anything });
export const Comma = createToken({ name: "Comma", pattern: ",", categories: Anything });
export const DotDot = createToken({ name: "DotDot", pattern: "..", categories: Anything });
export const Dot = createToken({ name: "Dot", pattern: ".", categories: Anything });
export const Plus = createToken({ name: "Plus", pattern: "+", categories: Anything });

/** Written by no one: put before every token that begins a declaration, so that a broken one cannot swallow the next. */
export const DeclarationStart = createToken({ name: "DeclarationStart", pattern: Lexer.NA });

/** In the order in which the lexer tries them. */
export const tokenTypes: readonly TokenType[] = [
  Whitespace,
  Comment,
  ForeignComment,
  ...[Exp, Import, Sweep, Table, Where, Except, Per, True, False, Null],
  ...wants,
  ...kinds,
  Name,
  NumberLiteral,
  StringLiteral,
  ...[LeftCurly, RightCurly, LeftSquare, RightSquare, LeftRound, RightRound],
  ...[Colon, Equals, Comma, DotDot, Dot, Plus],
  ...[Anything, Kind, Want, DeclarationStart],
];

function word(name: string, text: string, categories: TokenType[]): TokenType {
  return createToken({ name, pattern: text, longer_alt: Name, categories: [...categories, Anything] });
}
