import type { DatasetIndex } from "../artifacts/dataset.ts";
import type { LabelledExamples } from "../artifacts/examples.ts";

/** The examples of the rows, labels and all, in the order of the rows. */
export function selectRows(
  { problem, classNames, examples, labels }: LabelledExamples,
  rows: readonly number[],
): LabelledExamples {
  const values = new Int32Array(rows.length * labels.width);
  rows.forEach((row, position) => {
    values.set(labels.values.subarray(row * labels.width, (row + 1) * labels.width), position * labels.width);
  });
  return {
    problem,
    classNames,
    examples: rows.map((row) => examples[row]!),
    labels: { width: labels.width, values },
  };
}

/** The same of an index. */
export function selectIndexRows(index: DatasetIndex, rows: readonly number[]): DatasetIndex {
  return { ...selectRows(index, rows), splits: rows.map((row) => index.splits[row]!) };
}
