import { inapplicable, plainText, type Grid, type GridCell } from "./grid.ts";

/** How the states of a cell are shown where there is no number. */
export const emptyGlyphs = { undefined: "n/a", missing: "·", running: "…", failed: "✗", skipped: "/" } as const;

/** Marks an answer that was stored before the run that is being watched. */
export const storedGlyph = "=";

/** What the numbers are: the metric that they share, and over how many answers they are taken. */
export function captionOf(grid: Grid): readonly string[] {
  const { answers, hasDeviations, metric } = grid;
  const parts = [...(metric === null ? [] : [metric]), ...intervalCaption(grid)];
  if (answers === null || !hasDeviations) return parts;
  const { fewest, most } = answers;
  const count = fewest === most ? String(most) : `${String(fewest)} to ${String(most)}`;
  const deviation = `mean ± standard deviation over seeds and draws, n = ${count}`;
  return parts.toSpliced(metric === null ? 0 : 1, 0, deviation);
}

function intervalCaption({ intervals }: Grid): readonly string[] {
  if (intervals === null) return [];
  const { method, areShown } = intervals;
  if (!areShown) return ["95% intervals do not fit here: --format json has them"];
  return [`95% interval in brackets${method === null ? "" : `: ${plainText(method)}`}`];
}

/** Names the axes of the column headings, for formats that have no line of their own for them. */
export function columnAxesText(grid: Grid): readonly string[] {
  return grid.columnAxes.length === 0 ? [] : [`columns by ${grid.columnAxes.join(" and ")}`];
}

export interface LegendEntry {
  readonly glyph: string;
  readonly meaning: string;
}

/** How a format shows the best, and what is not told apart from it. */
export interface BestGlyphs {
  readonly best: string;
  readonly likeBest: string;
}

/** In a terminal. */
export const textBest: BestGlyphs = { best: "*", likeBest: "~" };

/** Explains the glyphs that occur in a table, and no others; how the best is shown is the format's own. */
export function legendOf(grid: Grid, { best, likeBest }: BestGlyphs): readonly LegendEntry[] {
  const cells = grid.rows.flatMap((row) => row.cells.flatMap((cell) => cell ?? []));
  const has = (test: (cell: GridCell) => boolean): boolean => cells.some(test);
  const labels = [...grid.rows.flatMap((row) => row.labels), ...grid.columns.flatMap((column) => column.heads)];
  const entries: readonly (LegendEntry & { readonly used: boolean })[] = [
    { glyph: best, meaning: "best", used: has((cell) => cell.best) },
    {
      glyph: likeBest,
      meaning: "not told apart from the best (p >= 0.05, Holm)",
      used: has((cell) => cell.likeBest),
    },
    { glyph: "( )", meaning: "published", used: has((cell) => cell.expected !== null) },
    { glyph: "[n/m]", meaning: "answers so far", used: has((cell) => cell.partial !== null) },
    { glyph: storedGlyph, meaning: "stored before", used: has((cell) => cell.isStored === true) },
    { glyph: emptyGlyphs.missing, meaning: "no answer yet", used: has((cell) => cell.state === "missing") },
    { glyph: emptyGlyphs.running, meaning: "running", used: has((cell) => cell.state === "running") },
    {
      glyph: emptyGlyphs.failed,
      meaning: "failed",
      used: has((cell) => cell.state === "failed" || cell.partial?.failed === true),
    },
    { glyph: emptyGlyphs.skipped, meaning: "skipped: an input failed", used: has((cell) => cell.state === "skipped") },
    { glyph: emptyGlyphs.undefined, meaning: "not defined", used: has((cell) => cell.state === "undefined") },
    { glyph: inapplicable, meaning: "does not apply", used: labels.includes(inapplicable) },
  ];
  return entries.filter((entry) => entry.used).map(({ glyph, meaning }) => ({ glyph, meaning }));
}

/** A cell's interval, e.g. `[0.945, 0.974]`. */
export function intervalText({ interval }: GridCell): string {
  return interval === null ? "" : `[${interval.low}, ${interval.high}]`;
}

/** How many of a cell's answers are there, e.g. `[3/5]`, with the sign of failure where some cannot come. */
export function partialText(cell: GridCell): string {
  if (cell.partial === null) return "";
  const { done, of, failed } = cell.partial;
  return `[${String(done)}/${String(of)}${failed ? ` ${emptyGlyphs.failed}` : ""}]`;
}
