import type { Table } from "../table.ts";
import { captionOf, legendOf, textBest } from "./caption.ts";
import { columnGap } from "./column-widths.ts";
import { displayWidth } from "./display-width.ts";
import { layOutTable, plainText, withoutIntervals, type Grid } from "./grid.ts";
import { drawRanking } from "./ranking-diagram.ts";
import { rankingSentences } from "./ranking-sentences.ts";
import type { TableFormatOptions, TablePaint } from "./table-format.ts";
import { drawBlock } from "./text-block.ts";
import { drawColumn } from "./text-column.ts";
import { splitColumns, stubWidth } from "./split-columns.ts";
import { wrapText } from "./wrap-text.ts";

/** The table for a terminal: aligned on the decimal points, cut into blocks of columns where it is too wide. */
export function formatText(table: Table, { paint = plainPaint, width = Infinity }: TableFormatOptions): string {
  const grid = fitIntervals(layOutTable(table), width);
  const title = wrapText(plainText(table.title), width).map(paint.bold);
  const caption = wrapText(captionOf(grid).join(" · "), width).map(paint.dim);
  const body = grid.rows.length === 0 ? [[paint.dim("This table has no cells.")]] : drawBlocks(grid, { paint, width });
  const legend = legendOf(grid, textBest).map(({ glyph, meaning }) => `${glyph} ${meaning}`);
  const sections = [
    [...title, ...caption],
    ...body,
    wrapItems(legend, width).map(paint.dim),
    table.notes.flatMap((note) => wrapText(plainText(note), width)),
    rankingSentences(table).flatMap((note) => wrapText(plainText(note), width)),
    drawRanking(table, Math.min(width, widestDiagram)),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => line.trimEnd()).join("\n"))
    .join("\n\n")}\n`;
}

/** A line longer than this is hard to follow with the eye. */
const widestDiagram = 80;

/** Without intervals where one of them makes a column wider than the terminal: a column is never cut. */
function fitIntervals(grid: Grid, width: number): Grid {
  if (grid.intervals === null) return grid;
  const room = width - stubWidth(grid) - columnGap;
  const isTooWide = grid.columns.some((_, index) => drawColumn(grid, index, plainPaint).width > room);
  return isTooWide ? withoutIntervals(grid) : grid;
}

const plainPaint: TablePaint = {
  bold: (text) => text,
  bad: (text) => text,
  dim: (text) => text,
};

function drawBlocks(grid: Grid, options: Required<TableFormatOptions>): readonly (readonly string[])[] {
  const columns = grid.columns.map((_, index) => drawColumn(grid, index, options.paint));
  return splitColumns(grid, columns, options.width).map((indices) =>
    drawBlock({
      grid: {
        ...grid,
        columns: indices.flatMap((index) => grid.columns[index] ?? []),
        rows: grid.rows.map((row) => ({ ...row, cells: indices.map((index) => row.cells[index] ?? null) })),
      },
      columns: indices.flatMap((index) => columns[index] ?? []),
      paint: options.paint,
    }),
  );
}

/** As many items on a line as fit, none broken. */
function wrapItems(items: readonly string[], width: number): readonly string[] {
  const gap = "   ";
  const lines: string[] = [];
  for (const item of items) {
    const line = lines.at(-1);
    const longer = line === undefined ? item : line + gap + item;
    if (line !== undefined && displayWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(item);
  }
  return lines;
}
