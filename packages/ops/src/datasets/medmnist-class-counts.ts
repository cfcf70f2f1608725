import { splitNames } from "@exp-lab/dsl";
import { medmnistSets } from "./medmnist-sets.ts";
import type { PublishedCounts, PublishedNumbers } from "./published-counts.ts";

/**
 * Images of each class that were counted in the published files of a set, by the names of the classes; null where nobody was
 * found to have counted them. They are the same in all sizes.
 */
export function medmnistClassCounts(name: string): NonNullable<PublishedCounts["positives"]> | null {
  const counted = counts.get(name);
  const classes = medmnistSets.get(name)?.classes;
  if (counted === undefined || classes === undefined) return null;
  return Object.fromEntries(classes.map((className, index) => [className, numbersOf(counted, index)]));
}

function numbersOf(counted: readonly (readonly number[])[], index: number): PublishedNumbers {
  return Object.fromEntries(counted.map((ofSplit, place) => [splitNames[place]!, ofSplit[index]!]));
}

/** For train, and val and test as far as they are known. */
const counts: ReadonlyMap<string, readonly (readonly number[])[]> = new Map([
  [
    "pathmnist",
    [
      [9366, 9509, 10_360, 10_401, 8006, 12_182, 7886, 9401, 12_885],
      [1041, 1057, 1152, 1156, 890, 1354, 877, 1045, 1432],
    ],
  ],
  ["chestmnist", [[7996, 1950, 9261, 13_914, 3988, 4375, 978, 3705, 3263, 1690, 1799, 1158, 2279, 144]]],
  [
    "dermamnist",
    [
      [228, 359, 769, 80, 779, 4693, 99],
      [33, 52, 110, 12, 111, 671, 14],
      [66, 103, 220, 23, 223, 1341, 29],
    ],
  ],
  [
    "pneumoniamnist",
    [
      [1214, 3494],
      [135, 389],
      [234, 390],
    ],
  ],
  [
    "retinamnist",
    [
      [486, 128, 206, 194, 66],
      [54, 12, 28, 20, 6],
      [174, 46, 92, 68, 20],
    ],
  ],
  [
    "breastmnist",
    [
      [147, 399],
      [21, 57],
    ],
  ],
  [
    "bloodmnist",
    [
      [852, 2181, 1085, 2026, 849, 993, 2330, 1643],
      [122, 312, 155, 290, 122, 143, 333, 235],
    ],
  ],
]);
