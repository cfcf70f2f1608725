import type { IToken, TokenType } from "chevrotain";
import { createTokenInstance } from "./chevrotain.ts";
import { bracketNeverClosed, closesNothing, wrongCloser } from "../diagnostics/catalog-text.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Span } from "../text/source.ts";
import { isCertainStart, isDeclarationStart, isFieldStart, isFirstOnLine } from "./declaration-start.ts";
import * as t from "./tokens.ts";

/** Tokens in which every bracket is closed by its like and every declaration is announced by a `DeclarationStart`. */
export interface BalancedTokens {
  readonly tokens: readonly IToken[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Closes what a mistake left open and drops what closes nothing, each with its diagnostic, so that the parser never has
 * to guess where a block ends.
 */
export function balanceTokens(tokens: readonly IToken[], path: string): BalancedTokens {
  const balancer = new Balancer(tokens, path);
  for (let index = 0; index < tokens.length; index++) balancer.take(index);
  balancer.finish();
  return balancer;
}

interface OpenBracket {
  readonly token: IToken;
  readonly index: number;
  readonly closer: TokenType;
}

const closers = new Map<TokenType, TokenType>([
  [t.LeftCurly, t.RightCurly],
  [t.LeftSquare, t.RightSquare],
  [t.LeftRound, t.RightRound],
]);
const closerTypes = new Set(closers.values());

/** The pass itself: it owns the stack of open brackets while it reads. */
class Balancer {
  readonly tokens: IToken[] = [];
  readonly diagnostics: Diagnostic[] = [];
  private readonly source: readonly IToken[];
  private readonly path: string;
  private readonly open: OpenBracket[] = [];
  private lastStart = -2;
  /** A bracket that, going by its indentation, was closed by the closer of the one around it. */
  private suspect: IToken | null = null;

  constructor(source: readonly IToken[], path: string) {
    this.source = source;
    this.path = path;
  }

  take(index: number): void {
    const token = this.source[index];
    if (token === undefined) return;
    if (this.startsDeclaration(index)) this.startDeclaration(token, index);
    else if (this.startsFieldInList(index)) this.closeLists(token);
    const closer = closers.get(token.tokenType);
    if (closerTypes.has(token.tokenType)) {
      this.close(token, index);
      return;
    }
    if (closer !== undefined) this.open.push({ token, index, closer });
    this.tokens.push(token);
  }

  finish(): void {
    const last = this.source.at(-1);
    if (last !== undefined) this.closeAll(0, last.startOffset + last.image.length, null);
  }

  private startsDeclaration(index: number): boolean {
    if (!isDeclarationStart(this.source, index, this.open.length)) return false;
    // `param` and, on the next line, `head = 1`: the name of the parameter, not a declaration.
    return this.lastStart !== index - 1 || isCertainStart(this.source, index);
  }

  private startDeclaration(token: IToken, index: number): void {
    this.closeAll(0, token.startOffset, token);
    this.tokens.push(virtual(t.DeclarationStart, token.startOffset));
    this.lastStart = index;
  }

  /** A line that begins with `name:` inside a list: the list was not closed. */
  private startsFieldInList(index: number): boolean {
    const innermost = this.open.at(-1);
    if (innermost === undefined || innermost.closer === t.RightCurly) return false;
    return isFirstOnLine(this.source, index) && isFieldStart(this.source, index);
  }

  private closeLists(token: IToken): void {
    const block = this.open.findLastIndex(({ closer }) => closer === t.RightCurly);
    if (block >= 0) this.closeAll(block + 1, token.startOffset, token);
  }

  private close(token: IToken, index: number): void {
    const innermost = this.open.at(-1);
    if (innermost === undefined) {
      this.diagnostics.push(closesNothing(this.spanOf(token), token.image));
    } else if (innermost.closer === token.tokenType) {
      this.open.pop();
      this.noteSuspect(innermost, token, index);
      this.tokens.push(token);
    } else {
      this.closeWrongly(token, innermost);
    }
  }

  /** `[1, 2}` on one line is a slip of the finger; otherwise the closer is right and an inner bracket was left open. */
  private closeWrongly(token: IToken, innermost: OpenBracket): void {
    const outer = this.open.findLastIndex(({ closer }) => closer === token.tokenType);
    const outerLine = this.open[outer]?.token.startLine;
    const isSlip = outer < 0 || (innermost.token.startLine === token.startLine && outerLine !== token.startLine);
    if (isSlip) {
      this.diagnostics.push(
        wrongCloser(this.spanOf(token), { opener: innermost.token.image, openerSpan: this.spanOf(innermost.token) }),
      );
      this.open.pop();
      this.tokens.push(virtual(innermost.closer, token.startOffset));
      return;
    }
    this.closeAll(outer + 1, token.startOffset, token);
    this.open.pop();
    this.tokens.push(token);
  }

  /** Closes the brackets from the given depth inwards, at an offset where they should have been closed before. */
  private closeAll(depth: number, offset: number, found: IToken | null): void {
    const unclosed = this.open.splice(depth);
    if (unclosed.length === 0) return;
    for (const { closer } of unclosed.toReversed()) this.tokens.push(virtual(closer, offset));
    const outermost = unclosed[0]?.token;
    const openers = unclosed.map(({ token }) => token);
    // The indentation knows better than the count which of two nested blocks was forgotten.
    if (openers.length === 1 && this.suspect !== null && this.suspect.startOffset > (outermost?.startOffset ?? 0)) {
      openers.splice(0, 1, this.suspect);
    }
    this.suspect = null;
    this.diagnostics.push(
      bracketNeverClosed(found === null ? { path: this.path, start: offset, end: offset } : this.spanOf(found), {
        found: found?.image ?? null,
        openers: openers.map((token) => ({ text: token.image, span: this.spanOf(token) })),
      }),
    );
  }

  private noteSuspect(opener: OpenBracket, closer: IToken, index: number): void {
    if (this.suspect !== null || opener.token.startLine === closer.startLine) return;
    if (isFirstOnLine(this.source, index) && (closer.startColumn ?? 0) < this.indentationAt(opener.index))
      this.suspect = opener.token;
  }

  /** The column of the first token on the line of a token. */
  private indentationAt(index: number): number {
    const line = this.source[index]?.startLine;
    let first = index;
    while (this.source[first - 1]?.endLine === line) first -= 1;
    return this.source[first]?.startColumn ?? 1;
  }

  private spanOf(token: IToken): Span {
    return { path: this.path, start: token.startOffset, end: token.startOffset + token.image.length };
  }
}

/** A token that nobody wrote: it has a place and no text. */
function virtual(type: TokenType, offset: number): IToken {
  return createTokenInstance(type, "", offset, offset - 1, NaN, NaN, NaN, NaN);
}
