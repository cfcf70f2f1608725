import { splitNames, type SplitName } from "@exp-lab/dsl";
import type { DatasetIndex } from "../artifacts/dataset.ts";
import { numberNames } from "./number-names.ts";
import { selectIndexRows } from "./select-rows.ts";
import { findHolders, laterThan } from "./split-holders.ts";

export interface DroppedLeaks {
  readonly index: DatasetIndex;
  /** How many images left a split and why, in the order of splits and reasons; what did not happen is not listed. */
  readonly dropped: readonly Dropped[];
}

export interface Dropped {
  readonly from: SplitName;
  /** An identical image, another image of the patient, or an image of a bag that holds such images. */
  readonly reason: "image" | "patient" | "bag";
  /** The last split that has it too. */
  readonly later: SplitName;
  readonly images: number;
}

/**
 * The index without what a later split has too, in the order train, val, test: nothing leaves test. Whole bags leave. What is
 * left has no leak, and dropping again drops nothing.
 */
export function dropLeaks(index: DatasetIndex): DroppedLeaks {
  const { splitOf, byImage, byPatient } = findHolders(index);
  const laterSplits = splitNames.map((_, split) => laterThan(split));
  const bags = numberNames(index.examples.map(({ bag }) => bag));
  // A bag lies in one split: torn bags were refused before.
  const bagLater = new Uint8Array(bags.count);
  bags.numbers.forEach((bag, row) => {
    if (bag !== -1) bagLater[bag]! |= (byImage[row]! | byPatient[row]!) & laterSplits[splitOf[row]!]!;
  });

  const kept: number[] = [];
  const counts = new Map<string, Dropped>();
  for (const [row, split] of splitOf.entries()) {
    const later = laterSplits[split]!;
    const grounds = [
      ["image", byImage[row]! & later],
      ["patient", byPatient[row]! & later],
      ["bag", bags.numbers[row] === -1 ? 0 : bagLater[bags.numbers[row]!]!],
    ] as const;
    const ground = grounds.find(([, bits]) => bits !== 0);
    if (ground === undefined) {
      kept.push(row);
      continue;
    }
    const [reason, bits] = ground;
    const found = { from: splitNames[split]!, reason, later: splitNames[31 - Math.clz32(bits)]! };
    const key = `${String(split)} ${String(reasons.indexOf(reason))} ${found.later}`;
    counts.set(key, { ...found, images: (counts.get(key)?.images ?? 0) + 1 });
  }
  const dropped = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
  return { index: kept.length === splitOf.length ? index : selectIndexRows(index, kept), dropped };
}

const reasons: readonly Dropped["reason"][] = ["image", "patient", "bag"];
