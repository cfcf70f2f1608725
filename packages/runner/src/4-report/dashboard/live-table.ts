import { captionOf, legendOf, textBest } from "../../3-tabulate/formats/caption.ts";
import { columnGap, columnWidths } from "../../3-tabulate/formats/column-widths.ts";
import { padRight } from "../../3-tabulate/formats/display-width.ts";
import { plainText, unrepeatedLabels, withoutIntervals, type Grid } from "../../3-tabulate/formats/grid.ts";
import { rankingSentences } from "../../3-tabulate/formats/ranking-sentences.ts";
import { stubGap, stubWidth, stubWidths } from "../../3-tabulate/formats/split-columns.ts";
import { drawBlock } from "../../3-tabulate/formats/text-block.ts";
import { drawColumn, type TextColumn } from "../../3-tabulate/formats/text-column.ts";
import { wrapText } from "../../3-tabulate/formats/wrap-text.ts";
import type { Paint } from "../paint.ts";
import { distinctClips } from "./distinct-clips.ts";
import type { LiveGrid } from "./live-grid.ts";

/** A table drawn for a screen of some width: columns that do not fit are left out, numbers are never cut. */
export interface TableLines {
  readonly title: readonly string[];
  /** The column headings and the rule under them, which stay in sight while the rows scroll. */
  readonly headings: readonly string[];
  readonly rows: readonly string[];
  /** A row with the labels too that only repeat the row above: for where that one is out of sight. */
  readonly wholeRow: (index: number) => string;
  /** The rule under the rows, the legend, the notes. */
  readonly foot: readonly string[];
  /** The first row on which something runs, else the first with an open cell; null where there is none. */
  readonly activeRow: number | null;
  readonly columns: ColumnWindow;
}

/** Which columns of numbers are shown, counted from 0. */
export interface ColumnWindow {
  readonly first: number;
  readonly shown: number;
  readonly all: number;
}

export interface DrawOptions {
  readonly width: number;
  /** The first column to be shown, as far as there are that many. */
  readonly firstColumn: number;
  readonly paint: Paint;
}

export function drawLiveTable({ table, grid: whole }: LiveGrid, options: DrawOptions): TableLines {
  const { width, firstColumn, paint } = options;
  const grid = fitIntervals(whole, options);
  const drawn = grid.columns.map((_, index) => drawColumn(grid, index, paint));
  const columns = chooseColumns({ grid, drawn, width, firstColumn });
  const shown = columnsOf(grid, drawn, columns);
  const numbers = widthOf(shown.grid, shown.drawn);
  const clipped = clipLabels(shown.grid, width - numbers);
  const block = drawBlock({ grid: clipped, columns: shown.drawn, paint });
  const headLines = block.length - grid.rows.length - 1;
  const legend = legendOf(grid, textBest).map(({ glyph, meaning }) => `${glyph} ${meaning}`);
  return {
    title: titleLines(plainText(table.title), captionOf(grid), { width, paint }),
    headings: block.slice(0, headLines),
    rows: block.slice(headLines, -1),
    wholeRow: (index) => {
      const stub = stubText(clipped, unrepeatedLabels(clipped.rows, index));
      return stubText(clipped, clipped.rows[index]?.labels ?? []) + (block[headLines + index] ?? "").slice(stub.length);
    },
    foot: [
      ...block.slice(-1),
      ...legendLines(legend, width).map(paint.dim),
      ...[...table.notes, ...rankingSentences(table)].flatMap((note) => wrapText(plainText(note), width)),
    ],
    activeRow: findActiveRow(grid),
    columns,
  };
}

/** With intervals only where all columns and labels have room beside them; how they were made the printed table says. */
function fitIntervals(grid: Grid, { width, paint }: DrawOptions): Grid {
  if (grid.intervals === null) return grid;
  const drawn = grid.columns.map((_, index) => drawColumn(grid, index, paint));
  const fits = stubWidth(grid) + widthOf(grid, drawn) <= width;
  return fits
    ? { ...grid, intervals: { method: null, areShown: true } }
    : { ...withoutIntervals(grid), intervals: null };
}

/** As many entries on a line as fit, none broken. */
function legendLines(entries: readonly string[], width: number): readonly string[] {
  const whole = entries.map((entry) => `${entry}  `.replaceAll(" ", noBreak));
  return wrapText(whole.join(" "), width + 2).map((line) => line.trim().replaceAll(noBreak, " ").trimEnd());
}

const noBreak = "\u00a0";

function titleLines(
  title: string,
  caption: readonly string[],
  { width, paint }: Pick<DrawOptions, "width" | "paint">,
): readonly string[] {
  const whole = [title, ...caption].join(" · ");
  if (whole.length <= width) return [paint.bold(title) + paint.dim(whole.slice(title.length))];
  return [...wrapText(title, width).map(paint.bold), ...wrapText(caption.join(" · "), width).map(paint.dim)];
}

/** The part of a line that holds the row labels, as it stands in a drawn block. */
function stubText(grid: Grid, labels: readonly string[]): string {
  const parts = stubWidths(grid).map((width, axis) => padRight(labels[axis] ?? "", width));
  return parts.join(" ".repeat(stubGap));
}

/** What row labels may take at least, where columns of numbers compete with them for room. */
const narrowestStub = 14;

interface ColumnChoice {
  readonly grid: Grid;
  readonly drawn: readonly TextColumn[];
  readonly width: number;
  readonly firstColumn: number;
}

/** As many whole columns as fit, one at least; never so far to the right that room is left over. */
function chooseColumns({ grid, drawn, width, firstColumn }: ColumnChoice): ColumnWindow {
  const all = grid.columns.length;
  const stub = stubWidth(grid);
  // Labels give way before a second column of numbers is left out, but not to nothing.
  const room = width - Math.min(Math.max(0, stub), Math.max(narrowestStub, Math.floor(width / 2)));
  const fits = (first: number, shown: number): boolean => {
    const part = columnsOf(grid, drawn, { first, shown, all });
    return widthOf(part.grid, part.drawn) <= room;
  };
  let lastFirst = Math.max(0, all - 1);
  while (lastFirst > 0 && fits(lastFirst - 1, all - lastFirst + 1)) lastFirst -= 1;
  const first = Math.min(firstColumn, lastFirst);
  let shown = Math.min(1, all);
  while (first + shown < all && fits(first, shown + 1)) shown += 1;
  return { first, shown, all };
}

/** The room that columns of numbers take beside the row labels. */
function widthOf(grid: Grid, drawn: readonly TextColumn[]): number {
  return columnWidths(grid.columns, drawn).reduce((sum, width) => sum + columnGap + width, 0);
}

function columnsOf(
  grid: Grid,
  drawn: readonly TextColumn[],
  { first, shown, all }: ColumnWindow,
): { readonly grid: Grid; readonly drawn: readonly TextColumn[] } {
  if (shown === all) return { grid, drawn };
  const columns = grid.columns.slice(first, first + shown);
  return { grid: { ...grid, columns }, drawn: drawn.slice(first, first + shown) };
}

/** Shortens row labels, the widest first, until they fit; labels that differ go on differing. */
function clipLabels(grid: Grid, room: number): Grid {
  const widths = [...stubWidths(grid)];
  const taken = (): number => widths.reduce((sum, width) => sum + width + stubGap, -stubGap);
  while (widths.length > 0 && taken() > room) {
    const widest = widths.indexOf(Math.max(...widths));
    if ((widths[widest] ?? 0) <= narrowestLabel) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  const clips = widths.map((width, axis) =>
    distinctClips(new Set(grid.rows.map((row) => row.labels[axis] ?? "")), width),
  );
  return {
    ...grid,
    rowAxes: grid.rowAxes.map((name, axis) => [...distinctClips(new Set([name]), widths[axis] ?? 0).values()][0] ?? ""),
    rows: grid.rows.map((row) => ({
      ...row,
      labels: row.labels.map((label, axis) => clips[axis]?.get(label) ?? label),
    })),
  };
}

const narrowestLabel = 3;

function findActiveRow(grid: Grid): number | null {
  for (const state of ["running", "missing"] as const) {
    const found = grid.rows.findIndex((row) =>
      row.cells.some((cell) => cell?.state === state || (state === "missing" && cell?.partial != null)),
    );
    if (found >= 0) return found;
  }
  return null;
}
