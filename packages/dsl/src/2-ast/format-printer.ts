import { createLineLookup } from "../text/line-column.ts";
import type { SourceText, Span } from "../text/source.ts";

/** Lines are kept within this many columns where there is a place to break them. */
export const lineWidth = 100;

/** What the formatter writes with: it knows where on the line it is, and puts every comment back where it stood. */
export interface Printer {
  /** Asks for a space, or for a new line, before the next word. */
  readonly space: () => void;
  readonly newLine: () => void;
  /** Goes to where the word at this offset of the source will stand: writes what was asked for and the comments before it. */
  readonly settle: (start: number) => void;
  /** Writes text that stands for the source up to `end`. */
  readonly write: (text: string, end: number) => void;
  /** Writes punctuation right after what stands there. */
  readonly glue: (text: string) => void;
  readonly indent: (step: 1 | -1) => void;
  /** Writes the comments before this offset, at the present indentation. */
  readonly flushComments: (before: number) => void;
  /** The column, from 0, at which the next character will stand. */
  readonly column: () => number;
  /** The column, from 0, at which the next line begins. */
  readonly indentation: () => number;
  /** Counts the lines begun so far. */
  readonly line: () => number;
  readonly finish: () => string;
}

export function createPrinter(source: SourceText, comments: readonly Span[]): Printer {
  const { text } = source;
  const lines = createLineLookup(source);
  const lineOf = (offset: number): number => lines.positionAt(offset).line;
  let output = "";
  let column = 0;
  let line = 0;
  let depth = 0;
  let asked: "nothing" | "space" | "line" = "nothing";
  /** End, in the source, of what was written last; -1 before anything was. */
  let lastEnd = -1;
  let afterOpener = true;
  let afterComment = false;
  let nextComment = 0;

  const put = (piece: string): void => {
    output += piece;
    column += piece.length;
  };
  /** A new line, with one blank line above where the source has any. */
  const breakLine = (start: number, extraIndent: number): void => {
    const isBlankAbove = !afterOpener && hasBlankLine(text.slice(lastEnd, start));
    if (lastEnd >= 0) put(isBlankAbove ? "\n\n" : "\n");
    line += 1;
    column = 0;
    put("  ".repeat(depth + extraIndent));
  };
  const flushComments = (before: number): void => {
    for (let comment = comments[nextComment]; comment !== undefined && comment.start < before;) {
      const isTrailing = lastEnd >= 0 && !afterComment && lineOf(comment.start) === lineOf(lastEnd);
      if (isTrailing) put(" ");
      else breakLine(comment.start, asked === "line" ? 0 : 1);
      put(text.slice(comment.start, comment.end).trimEnd());
      lastEnd = comment.end;
      afterOpener = false;
      afterComment = true;
      nextComment += 1;
      comment = comments[nextComment];
    }
  };
  return {
    space: () => void (asked = "space"),
    newLine: () => void (asked = "line"),
    settle: (start) => {
      flushComments(start);
      if (asked === "line" || afterComment) breakLine(start, asked === "line" ? 0 : 1);
      else if (asked === "space") put(" ");
      asked = "nothing";
      afterComment = false;
    },
    write: (piece, end) => {
      put(piece);
      lastEnd = end;
      afterOpener = piece === "{" || piece === "[" || piece === "(";
    },
    glue: put,
    indent: (step) => void (depth += step),
    flushComments: (before) => {
      asked = "line";
      flushComments(before);
      afterOpener = true;
    },
    column: () => column,
    indentation: () => 2 * depth,
    line: () => line,
    finish: () => {
      asked = "line";
      flushComments(text.length + 1);
      return output === "" ? "" : `${output}\n`;
    },
  };
}

function hasBlankLine(gap: string): boolean {
  return /(?:\n|\r(?!\n))[^\S\n]*(?:\n|\r(?!\n))/.test(gap);
}
