import type { CstNode, IToken } from "chevrotain";
import { longestProgram, nestedTooDeep, programTooLong, deepestNesting } from "../diagnostics/catalog-text.ts";
import { notUnderstood } from "../diagnostics/catalog-syntax.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceText } from "../text/source.ts";
import { balanceTokens } from "./balance-tokens.ts";
import { checkTokens, spanOfToken } from "./check-tokens.ts";
import type { ProgramCstNode } from "./cst.ts";
import { languageParser } from "./language-parser.ts";
import { lex } from "./lexer.ts";
import { LeftCurly, LeftRound, LeftSquare, RightCurly, RightRound, RightSquare } from "./tokens.ts";

/** The tree of a program as its grammar saw it, and what was wrong with its words and brackets. */
export interface ParsedText {
  /** Null where a limit stopped the parser: the one diagnostic says which. */
  readonly cst: ProgramCstNode | null;
  /** The `//` comments in order. */
  readonly comments: readonly IToken[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads any text; what it cannot make sense of is in the diagnostics. */
export function parseCst(source: SourceText): ParsedText {
  const { path, text } = source;
  if (text.length > longestProgram) {
    return stopped(programTooLong({ path, start: 0, end: 0 }, text.length));
  }
  const lexed = lex(source);
  const tooDeep = findTooDeep(lexed.tokens);
  if (tooDeep !== undefined) return stopped(nestedTooDeep(spanOfToken(tooDeep, path)));
  const balanced = balanceTokens(lexed.tokens, path);
  const parser = languageParser();
  parser.input = [...balanced.tokens];
  const cst = parser.program();
  const unforeseen = parser.errors.map(({ token }) => notUnderstood(spanOfToken(token, path), token.image));
  return {
    cst: isProgram(cst) ? cst : null,
    comments: lexed.comments,
    diagnostics: [...checkTokens(lexed, source), ...balanced.diagnostics, ...unforeseen],
  };
}

function stopped(diagnostic: Diagnostic): ParsedText {
  return { cst: null, comments: [], diagnostics: [diagnostic] };
}

/** The first bracket past the limit: found before parsing, since a parser that recurses could run out of stack. */
function findTooDeep(tokens: readonly IToken[]): IToken | undefined {
  let depth = 0;
  return tokens.find(({ tokenType }) => {
    if (tokenType === LeftCurly || tokenType === LeftSquare || tokenType === LeftRound) depth += 1;
    if (tokenType === RightCurly || tokenType === RightSquare || tokenType === RightRound)
      depth = Math.max(0, depth - 1);
    return depth > deepestNesting;
  });
}

function isProgram(node: CstNode | undefined): node is ProgramCstNode {
  return node?.name === "program";
}
