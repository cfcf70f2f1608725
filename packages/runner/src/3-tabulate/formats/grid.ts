import type { AxisLabel, TaskId } from "@exp-lab/dsl";
import { groupBy } from "../group-by.ts";
import type { Cell, Labels, Table } from "../table.ts";
import { chooseDigits, formatNumber } from "./format-number.ts";

/** A table as it is laid out on a page: what text, Markdown and LaTeX have in common. */
export interface Grid {
  readonly rowAxes: readonly string[];
  readonly columnAxes: readonly string[];
  /** The metric of all cells, where there is only one and the columns do not name it. */
  readonly metric: string | null;
  readonly columns: readonly GridColumn[];
  readonly rows: readonly GridRow[];
  /** Fewest and most answers behind a cell that has any; null while there is none. */
  readonly answers: { readonly fewest: number; readonly most: number } | null;
  readonly hasDeviations: boolean;
  /** Null where no cell has an interval. */
  readonly intervals: GridIntervals | null;
}

/** What there is to say of a table's intervals. */
export interface GridIntervals {
  /** How they were made; null where that differs from cell to cell. */
  readonly method: string | null;
  /** Whether the cells hold them; there may be no room. */
  readonly areShown: boolean;
}

/** One column of numbers: all of one metric, so that they can be aligned. */
export interface GridColumn {
  /** From the outermost level to the innermost; every column has as many. */
  readonly heads: readonly string[];
  readonly digits: number;
}

export interface GridRow {
  /** One label for every row axis. */
  readonly labels: readonly string[];
  /** One entry for every column; null where the table has no such cell. */
  readonly cells: readonly (GridCell | null)[];
}

export interface GridCell {
  /** `running` and `skipped` occur only while a run is being watched. */
  readonly state: "value" | "undefined" | "missing" | "running" | "failed" | "skipped";
  /** While a run is being watched: every answer behind the cell was there before it. */
  readonly isStored?: boolean;
  /** Rounded; null unless the state is `value`. */
  readonly mean: string | null;
  readonly std: string | null;
  /** Rounded as the mean is; null where there is none, or no room for it. */
  readonly interval: { readonly low: string; readonly high: string } | null;
  readonly best: boolean;
  /** Not told apart from the best. */
  readonly likeBest: boolean;
  /** A published number as the program wrote it, never rounded. */
  readonly expected: string | null;
  /** Where some answers are there and some are not: how many of how many. */
  readonly partial: { readonly done: number; readonly of: number; readonly failed: boolean } | null;
  /** The score tasks behind it. */
  readonly tasks: readonly TaskId[];
}

/** What stands for an axis that does not apply. */
export const inapplicable = "-";

export function layOutTable(table: Table): Grid {
  const rowAxes = Object.keys(table.rows[0] ?? {});
  const columnAxes = Object.keys(table.columns[0] ?? {});
  const metrics = [...new Set(table.cells.map((cell) => cell.metric))];
  const namesMetric = metrics.length > 1 || columnAxes.length === 0;
  const digits = chooseDigits(table);
  const places = new Map(table.cells.map((cell) => [placeKey(cell.row, cell.column, cell.metric), cell]));
  const columns = orderedColumns(table);
  const counts = table.cells.flatMap((cell) => (cell.n > 0 ? [cell.n] : []));
  return {
    rowAxes,
    columnAxes,
    metric: namesMetric ? null : (metrics[0] ?? null),
    columns: columns.map(({ labels, metric }) => ({
      heads: [...columnAxes.map((axis) => labelText(labels[axis])), ...(namesMetric ? [metric] : [])],
      digits: digits.get(metric) ?? 0,
    })),
    rows: table.rows.map((row) => ({
      labels: rowAxes.map((axis) => labelText(row[axis])),
      cells: columns.map(({ labels, metric }) => {
        const cell = places.get(placeKey(row, labels, metric));
        return cell === undefined ? null : gridCell(cell, digits.get(metric) ?? 0);
      }),
    })),
    answers: counts.length === 0 ? null : { fewest: Math.min(...counts), most: Math.max(...counts) },
    hasDeviations: table.cells.some((cell) => cell.std !== null),
    intervals: intervalsOf(table),
  };
}

/** The same table for where there is no room for intervals. */
export function withoutIntervals(grid: Grid): Grid {
  return {
    ...grid,
    intervals: grid.intervals && { ...grid.intervals, areShown: false },
    rows: grid.rows.map((row) => ({ ...row, cells: row.cells.map((cell) => cell && { ...cell, interval: null }) })),
  };
}

function intervalsOf({ cells }: Table): GridIntervals | null {
  const methods = new Set(cells.flatMap(({ ci95, ciMethod }) => (ci95 === null ? [] : [ciMethod])));
  if (methods.size === 0) return null;
  const [method = null] = methods;
  return { method: methods.size === 1 ? method : null, areShown: true };
}

/** The labels of a row with those left out that only repeat the row above, outermost first. */
export function unrepeatedLabels(rows: readonly GridRow[], index: number): readonly string[] {
  const labels = rows[index]?.labels ?? [];
  const above = rows[index - 1]?.labels;
  const firstNew = labels.findIndex((label, axis) => label !== above?.[axis]);
  return labels.map((label, axis) => (axis < firstNew ? "" : label));
}

/** A label on one line, with nothing in it that could move a cursor or hide what follows. */
export function labelText(label: AxisLabel | undefined): string {
  if (label === null || label === undefined) return inapplicable;
  return plainText(String(label));
}

/** Control and text-direction characters become visible, white space becomes single spaces. */
export function plainText(text: string): string {
  return text
    .replace(/\s+/gu, " ")
    .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "\ufffd")
    .trim();
}

/** Every column with every metric that it has cells of, equal outer labels side by side, in order of first appearance. */
function orderedColumns(table: Table): readonly { readonly labels: Labels; readonly metric: string }[] {
  const metricOrder = [...new Set(table.cells.map((cell) => cell.metric))];
  const byColumn = groupBy(table.cells, (cell) => JSON.stringify(cell.column));
  const columns = table.columns.flatMap((labels) => {
    const metrics = new Set(byColumn.get(JSON.stringify(labels))?.map((cell) => cell.metric));
    return metricOrder.filter((metric) => metrics.has(metric)).map((metric) => ({ labels, metric }));
  });
  return gather(columns, Object.keys(table.columns[0] ?? {}));
}

/** Brings together, level by level, what has the same label; first appearance decides the order within a level. */
function gather<Column extends { readonly labels: Labels }>(
  columns: readonly Column[],
  axes: readonly string[],
): readonly Column[] {
  const [axis, ...inner] = axes;
  if (axis === undefined) return columns;
  const groups = groupBy(columns, (column) => JSON.stringify(column.labels[axis]));
  return [...groups.values()].flatMap((group) => gather(group, inner));
}

function gridCell(cell: Cell, digits: number): GridCell {
  const { mean, std, ci95, tasks, done, failed } = cell;
  const isPartial = done < tasks.length;
  const empty = isPartial ? (failed > 0 ? "failed" : "missing") : "undefined";
  return {
    state: mean === null ? empty : "value",
    mean: mean === null ? null : formatNumber(mean, digits),
    std: std === null ? null : formatNumber(std, digits),
    interval: ci95 && { low: formatNumber(ci95[0], digits), high: formatNumber(ci95[1], digits) },
    best: cell.best,
    likeBest: cell.likeBest,
    expected: cell.expected === null ? null : String(cell.expected),
    partial: mean !== null && isPartial ? { done, of: tasks.length, failed: failed > 0 } : null,
    tasks,
  };
}

function placeKey(row: Labels, column: Labels, metric: string): string {
  return JSON.stringify([row, column, metric]);
}
