import { splitNames } from "@exp-lab/dsl";
import type { DatasetIndex } from "../artifacts/dataset.ts";
import type { IdenticalImages } from "./inspection.ts";

/** Groups of examples of the same digest, in the order of their first; null digests are of images that could not be read. */
export function findIdentical(
  index: Pick<DatasetIndex, "examples" | "labels" | "splits">,
  digests: readonly (string | null)[],
): readonly IdenticalImages[] {
  const rowsOf = new Map<string, number[]>();
  digests.forEach((digest, row) => {
    if (digest === null) return;
    const rows = rowsOf.get(digest);
    if (rows === undefined) rowsOf.set(digest, [row]);
    else rows.push(row);
  });
  return [...rowsOf.values()].filter((rows) => rows.length > 1).map((rows) => describeGroup(index, rows));
}

function describeGroup(
  { examples, labels: { width, values }, splits }: Pick<DatasetIndex, "examples" | "labels" | "splits">,
  rows: readonly number[],
): IdenticalImages {
  const labelOf = (row: number): string => values.subarray(row * width, (row + 1) * width).join();
  return {
    images: rows.map((row) => ({ id: examples[row]!.id, split: splits[row]! })),
    splits: splitNames.filter((split) => rows.some((row) => splits[row] === split)),
    labelsDiffer: new Set(rows.map(labelOf)).size > 1,
  };
}
