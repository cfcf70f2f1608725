import { splitNames, type SplitName } from "@exp-lab/dsl";
import type { DatasetIndex } from "../artifacts/dataset.ts";
import { findBagFaults, mostExamples, type BagFault } from "./find-bag-faults.ts";
import { sameLabels } from "./same-labels.ts";
import { bitOf, findHolders, type SplitHolders } from "./split-holders.ts";

/** What the splits of a data set share, and what contradicts itself. */
export interface LeakReport {
  /** For each two splits first identical images, then patients; what they do not share is not listed. */
  readonly leaks: readonly Leak[];
  /** For each split that holds an image more than once. */
  readonly repeats: readonly RepeatedImages[];
  readonly bagFaults: readonly BagFault[];
}

/** Identical images, or patients, that two splits share. */
export interface Leak {
  readonly kind: "image" | "patient";
  /** In the order train, val, test. */
  readonly earlier: SplitName;
  readonly later: SplitName;
  /** Distinct images, or patients, that both splits have. */
  readonly shared: number;
  /** Images of the earlier split that are concerned. */
  readonly inEarlier: number;
  readonly inLater: number;
  /** Of `shared`, the images that are labelled differently in the two splits. Patients: 0. */
  readonly contradictions: number;
  /** The ids of an image of the earlier split and of one of the later, for the first that are shared. */
  readonly examples: readonly IdPair[];
}

/** Images that stand more than once in one split. */
export interface RepeatedImages {
  readonly split: SplitName;
  /** Distinct images that do. */
  readonly shared: number;
  /** How often they stand there in all. */
  readonly images: number;
  /** Of `shared`, those whose copies are labelled differently. */
  readonly contradictions: number;
  /** The ids of two copies each; those that are labelled differently come first. */
  readonly examples: readonly IdPair[];
}

export type IdPair = readonly [string, string];

/**
 * Identical images (by digest) and patients in two splits, identical images within a split, torn and contradictory bags.
 * An image has the patients of all its copies. In linear time.
 */
export function findLeaks(index: DatasetIndex): LeakReport {
  const holders = findHolders(index);
  const pairs = splitNames.flatMap((earlier, place) =>
    splitNames.slice(place + 1).map((later) => ({ earlier, later })),
  );
  return {
    leaks: pairs.flatMap((pair) => {
      const options = { ...pair, holders };
      return [sharedImages(index, options), sharedPatients(index, options)].filter(({ shared }) => shared > 0);
    }),
    repeats: splitNames.map((split) => findRepeats(index, split, holders)).filter(({ shared }) => shared > 0),
    bagFaults: findBagFaults(index),
  };
}

interface PairOfSplits {
  readonly earlier: SplitName;
  readonly later: SplitName;
  readonly holders: SplitHolders;
}

function sharedImages(index: DatasetIndex, pair: PairOfSplits): Leak {
  const { imageOf, imageRows, byImage } = pair.holders;
  const shared = firstPairs(imageRows, pair);
  const contradicting = new Set<number>();
  const firstOf = new Map(shared.map(([row]) => [imageOf[row]!, row]));
  const both = bitOf(pair.earlier) | bitOf(pair.later);
  for (const [row, split] of pair.holders.splitOf.entries()) {
    const first = (both & (1 << split)) === 0 ? undefined : firstOf.get(imageOf[row]!);
    if (first !== undefined && !sameLabels(index, first, row)) contradicting.add(imageOf[row]!);
  }
  return {
    kind: "image",
    ...describeShared(index, shared, pair),
    ...countRows(byImage, pair),
    contradictions: contradicting.size,
  };
}

function sharedPatients(index: DatasetIndex, pair: PairOfSplits): Leak {
  const { patientRows, byPatient } = pair.holders;
  const shared = firstPairs(patientRows, pair);
  return { kind: "patient", ...describeShared(index, shared, pair), ...countRows(byPatient, pair), contradictions: 0 };
}

/** For each image or patient that both splits have, its first row in the earlier and in the later one. */
function firstPairs(firstRows: Int32Array, { earlier, later }: PairOfSplits): readonly (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = [];
  for (let start = 0; start < firstRows.length; start += splitNames.length) {
    const [row, other] = [earlier, later].map((split) => firstRows[start + splitNames.indexOf(split)]!);
    if (row !== undefined && other !== undefined && row !== -1 && other !== -1) pairs.push([row, other]);
  }
  return pairs;
}

function describeShared(
  { examples }: DatasetIndex,
  shared: readonly (readonly [number, number])[],
  { earlier, later }: PairOfSplits,
): Pick<Leak, "earlier" | "later" | "shared" | "examples"> {
  const idOf = (row: number): string => examples[row]!.id;
  const listed = shared.slice(0, mostExamples).map(([row, other]) => [idOf(row), idOf(other)] as const);
  return { earlier, later, shared: shared.length, examples: listed };
}

/** The rows of each of the two splits that the other one holds too. */
function countRows(
  heldBy: Uint8Array,
  { earlier, later, holders: { splitOf } }: PairOfSplits,
): Pick<Leak, "inEarlier" | "inLater"> {
  let [inEarlier, inLater] = [0, 0];
  for (const [row, split] of splitOf.entries()) {
    if (1 << split === bitOf(earlier) && (heldBy[row]! & bitOf(later)) !== 0) inEarlier++;
    if (1 << split === bitOf(later) && (heldBy[row]! & bitOf(earlier)) !== 0) inLater++;
  }
  return { inEarlier, inLater };
}

function findRepeats(
  index: DatasetIndex,
  split: SplitName,
  { splitOf, imageOf, imageRows }: SplitHolders,
): RepeatedImages {
  const seconds = new Map<number, number>();
  const contradicting = new Map<number, number>();
  let images = 0;
  for (const [row, place] of splitOf.entries()) {
    if (splitNames[place] !== split) continue;
    const image = imageOf[row]!;
    const first = imageRows[image * splitNames.length + place]!;
    if (first === row) continue;
    images += seconds.has(image) ? 1 : 2;
    if (!seconds.has(image)) seconds.set(image, row);
    if (!contradicting.has(image) && !sameLabels(index, first, row)) contradicting.set(image, row);
  }
  const agreeing = [...seconds].filter(([image]) => !contradicting.has(image));
  const idOf = (row: number): string => index.examples[row]!.id;
  const examples = [...contradicting, ...agreeing].slice(0, mostExamples).map(([image, row]) => {
    return [idOf(imageRows[image * splitNames.length + splitNames.indexOf(split)]!), idOf(row)] as const;
  });
  return { split, shared: seconds.size, images, contradictions: contradicting.size, examples };
}
