import { adjustByHolm } from "./holm.ts";

export type Want = "max" | "min" | null;

/** The first of the cells with the best value; -1 where neither end is wanted or no cell has a value. */
export function findBest(values: readonly (number | null)[], want: Want): number {
  if (want === null) return -1;
  let best = -1;
  values.forEach((value, index) => {
    const record = values[best] ?? null;
    if (value === null) return;
    if (record === null || (want === "max" ? value > record : value < record)) best = index;
  });
  return best;
}

export interface CellTests {
  readonly p: readonly (number | null)[];
  readonly pAdjusted: readonly (number | null)[];
}

/** Every cell against the best, adjusted by Holm. Null in the best itself, and where `test` has no answer. */
export function testAgainstBest(cells: number, best: number, test: (cell: number) => number | null): CellTests {
  const p = Array.from({ length: cells }, (_, cell) => (best < 0 || cell === best ? null : test(cell)));
  return { p, pAdjusted: adjustByHolm(p) };
}
