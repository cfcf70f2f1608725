import type { IToken } from "chevrotain";
import {
  controlCharacter,
  foreignComment,
  malformedName,
  malformedNumber,
  numberNotExact,
  otherQuotes,
  unexpectedCharacter,
  unterminatedString,
} from "../diagnostics/catalog-text.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { forbiddenCharacter } from "../diagnostics/quote.ts";
import { mostDiagnostics } from "../diagnostics/sort-diagnostics.ts";
import type { SourceText, Span } from "../text/source.ts";
import type { LexedText } from "./lexer.ts";
import { endOf } from "./lexer.ts";
import { readStringContent } from "./string-content.ts";
import { Name, NumberLiteral, StringLiteral } from "./tokens.ts";

/** What is wrong with single words, whatever stands around them. */
export function checkTokens(lexed: LexedText, source: SourceText): readonly Diagnostic[] {
  const { path, text } = source;
  const diagnostics: Diagnostic[] = [];
  for (const token of lexed.tokens) {
    const diagnostic = checkToken(token, path);
    if (diagnostic !== null) diagnostics.push(diagnostic);
  }
  for (const token of lexed.foreignComments) diagnostics.push(foreignComment(spanOfToken(token, path), token.image));
  for (const { start, end } of lexed.unknown) {
    const shown = text.slice(start, end);
    if (!forbiddenCharacter.test(shown)) diagnostics.push(unexpectedCharacter({ path, start, end }, shown));
  }
  return [...diagnostics, ...findControlCharacters(source)];
}

export function spanOfToken(token: IToken, path: string): Span {
  return { path, start: token.startOffset, end: endOf(token) };
}

function checkToken(token: IToken, path: string): Diagnostic | null {
  if (token.tokenType === NumberLiteral) return checkNumber(token, path);
  if (token.tokenType === StringLiteral) return checkString(token, path);
  if (token.tokenType === Name && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(token.image)) {
    return malformedName(spanOfToken(token, path), token.image);
  }
  return null;
}

function checkNumber(token: IToken, path: string): Diagnostic | null {
  const span = spanOfToken(token, path);
  if (!/^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(token.image)) return malformedNumber(span, token.image);
  const value = Number(token.image);
  const isExact = Number.isInteger(value) && /^[+-]?\d+$/.test(token.image) ? Number.isSafeInteger(value) : true;
  return Number.isFinite(value) && isExact ? null : numberNotExact(span, token.image);
}

function checkString(token: IToken, path: string): Diagnostic | null {
  const span = spanOfToken(token, path);
  const { text, isClosed, hasStraightDoubleQuotes } = readStringContent(token.image);
  if (!isClosed) return unterminatedString(span, token.image);
  return hasStraightDoubleQuotes ? null : otherQuotes(span, text);
}

/** One diagnostic for each run of them, and no more than can be shown. */
function findControlCharacters({ path, text }: SourceText): readonly Diagnostic[] {
  const runs = new RegExp(`(?:${forbiddenCharacter.source})+`, "g");
  const diagnostics: Diagnostic[] = [];
  for (const { index, 0: run } of text.matchAll(runs)) {
    diagnostics.push(controlCharacter({ path, start: index, end: index + run.length }, run));
    if (diagnostics.length > mostDiagnostics) break;
  }
  return diagnostics;
}
