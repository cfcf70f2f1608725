import type { IToken, TokenType } from "chevrotain";
import { tokenMatcher } from "./chevrotain.ts";
import * as t from "./tokens.ts";

/**
 * Whether the token at `index` begins a declaration. `depth` is the number of brackets open before it: between
 * declarations a line that looks like one is enough, so that a misspelt one is still seen as one; inside a bracket only
 * what can be nothing else counts, which tells that the bracket was never closed.
 */
export function isDeclarationStart(tokens: readonly IToken[], index: number, depth: number): boolean {
  const token = tokens[index];
  if (token === undefined || !tokenMatcher(token, t.Name)) return false;
  const previous = tokens[index - 1];
  if (previous !== undefined && awaitsValue(previous)) return isAfterMissingValue(tokens, index, depth);
  return depth === 0 ? hasShape(tokens, index, isFirstOnLine(tokens, index)) : hasShapeInside(tokens, index);
}

function hasShape(tokens: readonly IToken[], index: number, firstOnLine: boolean): boolean {
  const is = (offset: number, ...types: TokenType[]): boolean => isAt(tokens, index + offset, types);
  if (isCertainStart(tokens, index) || (is(0, t.Exp) && is(1, t.NumberLiteral))) return true;
  if (!firstOnLine) return false;
  if (is(0, t.Kind)) return is(1, t.Name, t.Equals, t.StringLiteral);
  if (is(0, t.Import)) return !is(1, t.Colon, t.Equals);
  if (is(0, t.Sweep, t.Table)) return is(1, t.Name, t.StringLiteral, t.LeftCurly);
  // A declaration of an unknown kind.
  return is(1, t.Name, t.StringLiteral) && is(2, t.Equals, t.LeftCurly);
}

/** A declaration at its strictest, which is nothing else wherever it stands between two declarations. */
export function isCertainStart(tokens: readonly IToken[], index: number): boolean {
  const is = (offset: number, type: TokenType): boolean => isAt(tokens, index + offset, [type]);
  if (is(0, t.Kind)) return is(1, t.Name) && is(2, t.Equals);
  if (is(0, t.Sweep)) return is(1, t.Name) && is(2, t.LeftCurly);
  return (is(0, t.Import) || is(0, t.Table)) && is(1, t.StringLiteral);
}

/** Inside a bracket a value may be called `table` and the next key be a string, and `sweep` may end an entry before a section. */
function hasShapeInside(tokens: readonly IToken[], index: number): boolean {
  const is = (offset: number, ...types: TokenType[]): boolean => isAt(tokens, index + offset, types);
  const firstOnLine = isFirstOnLine(tokens, index);
  if (!firstOnLine && is(-1, t.Comma)) return false;
  if (is(0, t.Import)) return is(1, t.StringLiteral) && !is(2, t.Colon, t.Equals);
  if (is(0, t.Table)) return is(1, t.StringLiteral) && is(2, t.LeftCurly);
  if (isCertainStart(tokens, index)) return true;
  const isUnindented = firstOnLine && tokens[index]?.startColumn === 1;
  return isUnindented && is(1, t.Name) && is(2, t.Equals);
}

/** After `param x =` at the end of a line, a full declaration on the next line is not the missing value. */
function isAfterMissingValue(tokens: readonly IToken[], index: number, depth: number): boolean {
  if (!isFirstOnLine(tokens, index) || !isCertainStart(tokens, index)) return false;
  return depth === 0 || isAt(tokens, index, [t.Kind]);
}

/** Whether a value, or the rest of one, has to follow. */
function awaitsValue(token: IToken): boolean {
  return [t.Colon, t.Equals, t.Plus, t.Dot, t.DotDot, t.Want, t.Per].some((type) => tokenMatcher(token, type));
}

/** Whether `name :` or `dotted.name :` begins at `index`. */
export function isFieldStart(tokens: readonly IToken[], index: number): boolean {
  if (!isAt(tokens, index, [t.Name])) return false;
  let end = index + 1;
  while (isAt(tokens, end, [t.Dot]) && isAt(tokens, end + 1, [t.Name])) end += 2;
  return isAt(tokens, end, [t.Colon]);
}

/** Whether no other token stands before it on its line. */
export function isFirstOnLine(tokens: readonly IToken[], index: number): boolean {
  const previous = tokens[index - 1];
  return previous === undefined || previous.endLine !== tokens[index]?.startLine;
}

function isAt(tokens: readonly IToken[], index: number, types: readonly TokenType[]): boolean {
  const token = tokens[index];
  return token !== undefined && types.some((type) => tokenMatcher(token, type));
}
