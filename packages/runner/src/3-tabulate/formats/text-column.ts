import { emptyGlyphs, partialText, storedGlyph, textBest } from "./caption.ts";
import { displayWidth, padLeft, padRight } from "./display-width.ts";
import type { Grid, GridCell } from "./grid.ts";
import type { TablePaint } from "./table-format.ts";

/** One column of numbers, drawn: every entry takes `width` columns of the terminal. */
export interface TextColumn {
  readonly width: number;
  readonly entries: readonly string[];
}

/** Draws column `index`: decimal points under each other, and so for deviation, interval, mark, count and published number. */
export function drawColumn(grid: Grid, index: number, paint: TablePaint): TextColumn {
  const digits = grid.columns[index]?.digits ?? 0;
  const cells = grid.rows.map((row) => row.cells[index] ?? null);
  const ends = endWidths(cells);
  const fields = cells.map((cell) => fieldsOf(cell, digits, ends));
  const widths = fieldWidths(fields);
  const width = widths.filter((field) => field > 0).reduce((sum, field) => sum + field + 1, -1);
  return {
    width: Math.max(0, width),
    entries: cells.map((cell, row) => drawCell(cell, fields[row] ?? noFields, { widths, paint })),
  };
}

/** The parts of a cell from left to right; the first is aligned on its end, the others too but for the published number. */
type Fields = readonly [
  mean: string,
  deviation: string,
  interval: string,
  mark: string,
  partial: string,
  expected: string,
];

const noFields: Fields = ["", "", "", "", "", ""];
/** Where these fields stand. */
const [meanAt, intervalAt, markAt] = [0, 2, 3];

function fieldsOf(cell: GridCell | null, digits: number, ends: EndWidths): Fields {
  if (cell === null) return noFields;
  const deviation = cell.std === null ? "" : `± ${cell.std}`;
  const expected = cell.expected === null ? "" : `(${cell.expected})`;
  const best = cell.best ? textBest.best : cell.likeBest ? textBest.likeBest : "";
  const mark = `${best}${cell.isStored === true ? storedGlyph : ""}`;
  return [meanField(cell, digits), deviation, intervalField(cell, ends), mark, partialText(cell), expected];
}

/** The widths of the two ends of a column's intervals. */
interface EndWidths {
  readonly low: number;
  readonly high: number;
}

function endWidths(cells: readonly (GridCell | null)[]): EndWidths {
  const intervals = cells.flatMap((cell) => cell?.interval ?? []);
  const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(displayWidth));
  return { low: widest(intervals.map(({ low }) => low)), high: widest(intervals.map(({ high }) => high)) };
}

function intervalField({ interval }: GridCell, { low, high }: EndWidths): string {
  return interval === null ? "" : `[${padLeft(interval.low, low)}, ${padLeft(interval.high, high)}]`;
}

/** A glyph begins where the decimal point of a number would. */
function meanField(cell: GridCell, digits: number): string {
  if (cell.mean !== null) return cell.mean;
  if (cell.state === "value") return "";
  const glyph = emptyGlyphs[cell.state];
  return glyph.padEnd(digits + 1);
}

function fieldWidths(rows: readonly Fields[]): readonly number[] {
  return noFields.map((_, field) => Math.max(0, ...rows.map((fields) => displayWidth(fields[field] ?? ""))));
}

interface Drawing {
  readonly widths: readonly number[];
  readonly paint: TablePaint;
}

function drawCell(cell: GridCell | null, fields: Fields, { widths, paint }: Drawing): string {
  const padded = fields.map((text, field) => {
    const width = widths[field] ?? 0;
    return field === fields.length - 1 ? padRight(text, width) : padLeft(text, width);
  });
  const painted = padded.map((text, field) => {
    const standsBack = field === intervalAt || field > markAt;
    if (cell?.best === true && !standsBack) return paintInside(text, paint.bold);
    if (cell?.state === "failed" && field === meanAt) return paintInside(text, paint.bad);
    return standsBack || cell?.state === "missing" ? paintInside(text, paint.dim) : text;
  });
  return painted.filter((_, field) => (widths[field] ?? 0) > 0).join(" ");
}

/** Leaves the padding alone: an underline or a background must not run into empty space. */
function paintInside(text: string, paint: (text: string) => string): string {
  return text.replace(/\S(?:.*\S)?/u, (inside) => paint(inside));
}
