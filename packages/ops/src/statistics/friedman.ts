import { chiSquareUpper, fUpper } from "./distributions.ts";
import { studentisedRangeQuantile } from "./studentised-range.ts";

export interface FriedmanTest {
  /** Of each row, 1 being best. */
  readonly averageRanks: readonly number[];
  /** Null where every data set ranks all rows alike: there is nothing to test. */
  readonly chiSquare: number | null;
  readonly p: number | null;
  readonly imanDavenport: number | null;
  readonly pImanDavenport: number | null;
}

/**
 * Friedman's test whether rows differ over data sets, with the correction for ties, and the F statistic of Iman and Davenport
 * (1980), as Demsar (2006) recommends them for comparing methods.
 * @param scores of each row on each data set; the best gets rank 1
 */
export function testRanks(scores: readonly (readonly number[])[], want: "max" | "min"): FriedmanTest {
  const rows = scores.length;
  const datasets = scores[0]?.length ?? 0;
  const sums = new Float64Array(rows);
  let ties = 0;
  for (let dataset = 0; dataset < datasets; dataset++) {
    const ranked = rankOf(
      scores.map((row) => row[dataset]!),
      want,
    );
    ranked.ranks.forEach((rank, row) => (sums[row]! += rank));
    ties += ranked.ties;
  }
  const averageRanks = Array.from(sums, (sum) => sum / datasets);
  const none = { averageRanks, chiSquare: null, p: null, imanDavenport: null, pImanDavenport: null };
  const correction = 1 - ties / (datasets * rows * (rows * rows - 1));
  if (rows < 2 || datasets < 1 || correction <= 0) return none;

  const middle = (rows + 1) / 2;
  const spread = averageRanks.reduce((sum, rank) => sum + (rank - middle) ** 2, 0);
  const chiSquare = (12 * datasets * spread) / (rows * (rows + 1)) / correction;
  const p = chiSquareUpper(chiSquare, rows - 1);
  if (datasets < 2) return { ...none, chiSquare, p };
  const left = datasets * (rows - 1) - chiSquare;
  // Where all data sets agree nothing is left; a rounding error is not to be divided by.
  if (left <= 1e-9 * chiSquare) return { ...none, chiSquare, p, pImanDavenport: 0 };
  const imanDavenport = ((datasets - 1) * chiSquare) / left;
  const pImanDavenport = fUpper(imanDavenport, { above: rows - 1, below: (rows - 1) * (datasets - 1) });
  return { averageRanks, chiSquare, p, imanDavenport, pImanDavenport };
}

/**
 * Nemenyi's critical difference: average ranks that differ by as much belong to rows that differ, with a chance of alpha for
 * any false finding among all pairs.
 */
export function criticalDifference(alpha: number, rows: number, datasets: number): number {
  const quantile = studentisedRangeQuantile(alpha, rows) / Math.SQRT2;
  return quantile * Math.sqrt((rows * (rows + 1)) / (6 * datasets));
}

/** The largest sets of two rows and more whose average ranks lie within less than the critical difference, best first. */
export function findCliques(averageRanks: readonly number[], difference: number): readonly (readonly number[])[] {
  const order = [...averageRanks.keys()].sort((a, b) => averageRanks[a]! - averageRanks[b]! || a - b);
  const cliques: number[][] = [];
  let lastEnd = 0;
  for (let start = 0; start < order.length; start++) {
    let end = start;
    while (end < order.length && averageRanks[order[end]!]! - averageRanks[order[start]!]! < difference) end++;
    if (end - start >= 2 && end > lastEnd) cliques.push(order.slice(start, end));
    lastEnd = Math.max(lastEnd, end);
  }
  return cliques;
}

/** Ranks from 1 for the best; equal values share the mean of their ranks. `ties` is the sum of t^3 - t over them. */
function rankOf(values: readonly number[], want: "max" | "min"): { ranks: readonly number[]; ties: number } {
  const sign = want === "max" ? -1 : 1;
  const order = [...values.keys()].sort((a, b) => sign * (values[a]! - values[b]!));
  const ranks = new Array<number>(values.length).fill(0);
  let ties = 0;
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let place = start; place < end; place++) ranks[order[place]!] = (start + 1 + end) / 2;
    ties += (end - start) ** 3 - (end - start);
    start = end;
  }
  return { ranks, ties };
}
