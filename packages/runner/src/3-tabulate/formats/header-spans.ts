import type { GridColumn } from "./grid.ts";

/** A heading and the neighbouring columns that it stands over. */
export interface HeaderSpan {
  readonly text: string;
  readonly first: number;
  readonly count: number;
}

/** One list per header level, outermost first; equal headings merge only under one and the same parent. */
export function headerSpans(columns: readonly GridColumn[]): readonly (readonly HeaderSpan[])[] {
  const depth = columns[0]?.heads.length ?? 0;
  return Array.from({ length: depth }, (_, level) => spansOf(columns, level, level === depth - 1));
}

function spansOf(columns: readonly GridColumn[], level: number, isInnermost: boolean): readonly HeaderSpan[] {
  const spans: HeaderSpan[] = [];
  columns.forEach((column, index) => {
    const last = spans.at(-1);
    const merges = !isInnermost && last !== undefined && sameHeads(columns[index - 1], column, level);
    if (merges) spans[spans.length - 1] = { ...last, count: last.count + 1 };
    else spans.push({ text: column.heads[level] ?? "", first: index, count: 1 });
  });
  return spans;
}

function sameHeads(left: GridColumn | undefined, right: GridColumn, level: number): boolean {
  return left !== undefined && right.heads.slice(0, level + 1).every((head, index) => head === left.heads[index]);
}
