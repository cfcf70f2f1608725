import { emptyGlyphs, partialText, storedGlyph } from "./caption.ts";
import { displayWidth, padLeft, padRight } from "./display-width.ts";
import type { Grid, GridCell } from "./grid.ts";
import type { TablePaint } from "./table-format.ts";

/** One column of numbers, drawn: every entry takes `width` columns of the terminal. */
export interface TextColumn {
  readonly width: number;
  readonly entries: readonly string[];
}

/** Draws column `index`: decimal points under each other, and each of deviation, mark, count and published number too. */
export function drawColumn(grid: Grid, index: number, paint: TablePaint): TextColumn {
  const digits = grid.columns[index]?.digits ?? 0;
  const cells = grid.rows.map((row) => row.cells[index] ?? null);
  const fields = cells.map((cell) => fieldsOf(cell, digits));
  const widths = fieldWidths(fields);
  const width = widths.filter((field) => field > 0).reduce((sum, field) => sum + field + 1, -1);
  return {
    width: Math.max(0, width),
    entries: cells.map((cell, row) => drawCell(cell, fields[row] ?? noFields, { widths, paint })),
  };
}

/** The parts of a cell from left to right; the first is aligned on its end, the others too but for the published number. */
type Fields = readonly [mean: string, deviation: string, mark: string, partial: string, expected: string];

const noFields: Fields = ["", "", "", "", ""];

function fieldsOf(cell: GridCell | null, digits: number): Fields {
  if (cell === null) return noFields;
  const deviation = cell.std === null ? "" : `± ${cell.std}`;
  const expected = cell.expected === null ? "" : `(${cell.expected})`;
  const mark = `${cell.best ? "*" : ""}${cell.isStored === true ? storedGlyph : ""}`;
  return [meanField(cell, digits), deviation, mark, partialText(cell), expected];
}

/** A glyph begins where the decimal point of a number would. */
function meanField(cell: GridCell, digits: number): string {
  if (cell.mean !== null) return cell.mean;
  if (cell.state === "value") return "";
  const glyph = emptyGlyphs[cell.state];
  return glyph.padEnd(digits + 1);
}

function fieldWidths(rows: readonly Fields[]): readonly number[] {
  return [0, 1, 2, 3, 4].map((field) => Math.max(0, ...rows.map((fields) => displayWidth(fields[field] ?? ""))));
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
    if (cell?.best === true && field < 3) return paintInside(text, paint.bold);
    if (cell?.state === "failed" && field === 0) return paintInside(text, paint.bad);
    return field > 2 || cell?.state === "missing" ? paintInside(text, paint.dim) : text;
  });
  return painted.filter((_, field) => (widths[field] ?? 0) > 0).join(" ");
}

/** Leaves the padding alone: an underline or a background must not run into empty space. */
function paintInside(text: string, paint: (text: string) => string): string {
  return text.replace(/\S(?:.*\S)?/u, (inside) => paint(inside));
}
