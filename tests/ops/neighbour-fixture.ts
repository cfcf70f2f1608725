import { readFileSync } from "node:fs";

export interface NeighbourDataset {
  readonly width: number;
  readonly classes: number;
  readonly training: readonly number[];
  /** Row by row where an example has several; -1 where a flag is not known. */
  readonly labels: readonly number[];
  readonly queries: readonly number[];
}

export interface NeighbourCase {
  readonly dataset: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly scores: readonly number[];
}

export interface NeighbourFixture {
  readonly datasets: Readonly<Record<string, NeighbourDataset>>;
  readonly cases: readonly NeighbourCase[];
}

/** What the script of that name in tests/ops/reference wrote down of a head that compares rows. */
export function readNeighbourFixture(name: "knn" | "mlknn"): NeighbourFixture {
  return JSON.parse(readFileSync(new URL(`reference/${name}.json`, import.meta.url), "utf8")) as NeighbourFixture;
}
