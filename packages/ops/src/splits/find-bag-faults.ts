import type { DatasetIndex } from "../artifacts/dataset.ts";
import { sameLabels } from "./same-labels.ts";
import { numberNames } from "./number-names.ts";

/** Bags that cannot be taken as one: their images are in several splits, or differ in label or in patient. */
export interface BagFault {
  readonly kind: "torn" | "labels" | "patients";
  /** Bags with this fault. */
  readonly bags: number;
  /** The ids of two images each of the first such bags. */
  readonly examples: readonly (readonly [string, string])[];
}

/** How many examples a finding lists. */
export const mostExamples = 5;

/** In linear time; faults that no bag has are not listed. */
export function findBagFaults(index: DatasetIndex): readonly BagFault[] {
  const { examples, splits } = index;
  const { numbers, count } = numberNames(examples.map(({ bag }) => bag));
  const firsts = new Int32Array(count).fill(-1);
  numbers.forEach((bag, row) => {
    if (bag !== -1 && firsts[bag] === -1) firsts[bag] = row;
  });
  const differs: Readonly<Record<BagFault["kind"], (row: number, first: number) => boolean>> = {
    torn: (row, first) => splits[row] !== splits[first],
    labels: (row, first) => !sameLabels(index, row, first),
    patients: (row, first) => examples[row]!.group !== examples[first]!.group,
  };
  return (["torn", "labels", "patients"] as const).flatMap((kind) => {
    const odd = new Map<number, number>();
    numbers.forEach((bag, row) => {
      if (bag !== -1 && !odd.has(bag) && differs[kind](row, firsts[bag]!)) odd.set(bag, row);
    });
    if (odd.size === 0) return [];
    const listed = [...odd].slice(0, mostExamples);
    const idOf = (row: number): string => examples[row]!.id;
    return [{ kind, bags: odd.size, examples: listed.map(([bag, row]) => [idOf(firsts[bag]!), idOf(row)] as const) }];
  });
}
