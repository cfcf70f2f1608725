import type { IToken } from "chevrotain";
import type { SourceText } from "../text/source.ts";
import { languageLexer } from "./language-parser.ts";

/** A program cut into tokens. Whitespace is gone; nothing is judged yet. */
export interface LexedText {
  readonly tokens: readonly IToken[];
  /** The `//` comments in order; for the formatter. */
  readonly comments: readonly IToken[];
  /** Comments in the manner of other languages. */
  readonly foreignComments: readonly IToken[];
  /** Stretches that are no token. */
  readonly unknown: readonly { readonly start: number; readonly end: number }[];
}

export function lex(source: SourceText): LexedText {
  const { tokens, groups, errors } = languageLexer().tokenize(source.text);
  return {
    tokens,
    comments: groups["comments"] ?? [],
    foreignComments: groups["foreignComments"] ?? [],
    unknown: errors.map(({ offset, length }) => ({ start: offset, end: offset + length })),
  };
}

/** Offset after a token's last character. */
export function endOf(token: IToken): number {
  return token.startOffset + token.image.length;
}
