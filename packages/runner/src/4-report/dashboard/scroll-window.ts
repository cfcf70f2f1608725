import type { TableLines } from "./live-table.ts";

/** Lines of several tables under each other, and where each one lies. */
export interface TableDocument {
  readonly lines: readonly string[];
  readonly tables: readonly PlacedTable[];
}

interface PlacedTable {
  readonly title: readonly string[];
  readonly headings: readonly string[];
  readonly wholeRow: (index: number) => string;
  /** The lines that its rows take. */
  readonly firstRow: number;
  readonly endRow: number;
  readonly activeLine: number | null;
}

export function stackTables(drawn: readonly TableLines[]): TableDocument {
  const lines: string[] = [];
  const tables = drawn.map(({ title, headings, rows, wholeRow, foot, activeRow }) => {
    if (lines.length > 0) lines.push("");
    const firstRow = lines.length + title.length + headings.length;
    lines.push(...title, ...headings, ...rows, ...foot);
    const activeLine = activeRow === null ? null : firstRow + activeRow;
    return { title, headings, wholeRow, firstRow, endRow: firstRow + rows.length, activeLine };
  });
  return { lines, tables };
}

export interface WindowOfLines {
  readonly lines: readonly string[];
  /** The document's line at the top of the window. */
  readonly top: number;
  /** Rows of the topmost table in sight, counted from 1; null where no row is. */
  readonly rows: { readonly first: number; readonly last: number; readonly all: number } | null;
}

/** A part of the document. Where the window begins among a table's rows, that table's headings cover its first lines. */
export function windowOf(document: TableDocument, height: number, wanted: number | null): WindowOfLines {
  const last = Math.max(0, document.lines.length - height);
  const top = Math.min(last, Math.max(0, wanted ?? followedTop(document, height)));
  const table = document.tables.find(({ endRow }) => endRow > top);
  const pinned = table === undefined ? [] : pinnedLines(table, top, height);
  const covered = pinned.length;
  const first = top + covered;
  const isRow = table !== undefined && first >= table.firstRow && first < table.endRow;
  const lines = [
    ...pinned,
    ...(isRow ? [table.wholeRow(first - table.firstRow)] : document.lines.slice(first, first + 1)),
    ...document.lines.slice(first + 1, top + height),
  ];
  if (table === undefined) return { lines, top, rows: null };
  const firstRow = Math.max(0, first - table.firstRow) + 1;
  const end = Math.min(table.endRow, top + height) - table.firstRow;
  const all = table.endRow - table.firstRow;
  return { lines, top, rows: end < firstRow ? null : { first: firstRow, last: end, all } };
}

/** Under pinned titles there is room for this many rows, else headings alone are pinned. */
const fewestRows = 4;

/** What covers the first lines of a window that begins below the beginning of a table; nothing where too little is left. */
function pinnedLines(
  { title, headings, firstRow, endRow }: PlacedTable,
  top: number,
  height: number,
): readonly string[] {
  const head = [...title, ...headings];
  const start = firstRow - head.length;
  const pinned = height >= head.length + fewestRows ? head : headings;
  const isNeeded = top > start && top + pinned.length < endRow;
  // Where the window begins inside the title, the headings are still in their place.
  const isInPlace = pinned === headings && top <= firstRow - headings.length;
  return isNeeded && !isInPlace && height > pinned.length ? pinned : [];
}

/**
 * Where a window stands that follows the work: at the top while the first row that something runs on is in sight there,
 * else on by half windows, so that rows stand still while they are read.
 */
function followedTop({ lines, tables }: TableDocument, height: number): number {
  if (lines.length <= height) return 0;
  const active = tables.find(({ activeLine }) => activeLine !== null);
  if (active?.activeLine == null) return 0;
  const step = Math.max(1, Math.floor((height - active.headings.length - active.title.length) / 2));
  if (active.activeLine < height - 1) return 0;
  return Math.ceil((active.activeLine - height + step) / step) * step;
}
