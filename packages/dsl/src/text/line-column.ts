import type { Position, SourceText } from "./source.ts";

/**
 * The line and column, from 1, of a UTF-16 offset. A line ends at `\n`, `\r\n` or a lone `\r`; a column counts UTF-16
 * units. Offsets outside the text are moved to its nearest end. For many places in one text, keep a `createLineLookup`.
 */
export function lineColumnAt(source: SourceText, offset: number): Position {
  return createLineLookup(source).positionAt(offset);
}

/** Positions in one text; its lines are found once. */
export interface LineLookup {
  readonly lineCount: number;
  readonly positionAt: (offset: number) => Position;
  /** The text of a line (from 1) without its end, and where it starts. */
  readonly lineAt: (line: number) => { readonly text: string; readonly start: number };
}

export function createLineLookup({ text }: SourceText): LineLookup {
  const starts = findLineStarts(text);
  const startOf = (line: number): number => starts[line - 1] ?? text.length;
  return {
    lineCount: starts.length,
    positionAt: (offset) => {
      const inside = Math.min(Math.max(offset, 0), text.length);
      const line = countUpTo(starts, inside);
      return { line, column: inside - startOf(line) + 1 };
    },
    lineAt: (line) => ({
      text: text.slice(startOf(line), startOf(line + 1)).replace(/[\r\n]+$/, ""),
      start: startOf(line),
    }),
  };
}

function findLineStarts(text: string): readonly number[] {
  const starts = [0];
  for (const ending of text.matchAll(/\r\n|\n|\r/g)) starts.push(ending.index + ending[0].length);
  return starts;
}

/** How many of the ascending offsets are not after `offset`. */
function countUpTo(offsets: readonly number[], offset: number): number {
  let low = 0;
  let high = offsets.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((offsets[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
