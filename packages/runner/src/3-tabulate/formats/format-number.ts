import type { Cell, Table } from "../table.ts";
import { groupBy } from "../group-by.ts";

/**
 * A number with fixed decimals, and no negative zero. Ties go away from zero and are judged by the shortest decimal
 * spelling, so that rounding a number of the JSON or CSV output by hand gives the number shown here.
 */
export function formatNumber(value: number, digits: number): string {
  const spelling = String(Math.abs(value));
  const magnitude = spelling.includes("e")
    ? Math.abs(value)
    : Number(`${String(Math.round(Number(`${spelling}e${String(digits)}`)))}e-${String(digits)}`);
  const text = magnitude.toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `-${text}` : text;
}

/** A p value as a sentence has it; of very small ones no more is known than that. */
export function formatP(p: number): string {
  if (p < 0.001) return "p < 0.001";
  return `p = ${formatNumber(p, 3)}`;
}

/**
 * Decimals for every metric of a table. Three, more (up to five) where the rows of a column would look alike or every
 * deviation would look like zero, fewer for counts, ranks and large numbers, where three would pretend to a precision.
 */
export function chooseDigits(table: Table): ReadonlyMap<string, number> {
  return new Map([...groupBy(table.cells, (cell) => cell.metric)].map(([metric, cells]) => [metric, digitsFor(cells)]));
}

const usualDigits = 3;
const mostDigits = 5;

function digitsFor(cells: readonly Cell[]): number {
  const means = numbersIn(cells.map((cell) => cell.mean));
  const deviations = numbersIn(cells.map((cell) => cell.std));
  const largest = Math.max(0, ...means.map(Math.abs));
  if (largest > 1 && [...means, ...deviations].every((value) => Number.isInteger(value * 2))) {
    return means.every(Number.isInteger) && deviations.every(Number.isInteger) ? 0 : 1;
  }
  if (largest >= 1000) return 1;
  const columns = groupBy(cells, (cell) => JSON.stringify(cell.column)).values();
  const spreads = [...columns].map((column) => {
    const values = numbersIn(column.map((cell) => cell.mean));
    return Math.max(...values) - Math.min(...values);
  });
  const mustShow = [...spreads.filter((spread) => spread > 0), ...visible(deviations)];
  const needed = mustShow.map((value) => Math.ceil(-Math.log10(value)));
  return Math.min(mostDigits, Math.max(usualDigits, ...needed));
}

/** The largest deviation, unless all are zero. */
function visible(deviations: readonly number[]): readonly number[] {
  const largest = Math.max(0, ...deviations);
  return largest > 0 ? [largest] : [];
}

function numbersIn(values: readonly (number | null)[]): readonly number[] {
  return values.flatMap((value) => (value === null ? [] : [value]));
}
