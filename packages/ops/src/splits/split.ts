import { splitNames, type OpSignature } from "@exp-lab/dsl";
import type { DatasetIndex } from "../artifacts/dataset.ts";
import type { LabelledExamples } from "../artifacts/examples.ts";
import { inputOf, paramsOf } from "../op-context.ts";
import { OpError } from "../op-error.ts";
import type { SingleOp } from "../op.ts";

const signature = {
  name: "split",
  version: 2,
  summary: "The examples of one split, as the source assigns them.",
  use: "companion",
  role: "dataset",
  params: { split: { type: "split", summary: "The split that is asked for." } },
  inputs: { dataset: { kind: "dataset", summary: "The data set's index." } },
  output: "examples",
} as const satisfies OpSignature;

/**
 * In the source's order. Classes are the data set's, not the split's, so that all splits agree on them. What the split
 * shares with the training split is noted, and the notes come with every score on it.
 */
export const split: SingleOp = {
  shape: "single",
  signature,
  deterministic: true,
  libraries: [],
  run: (context) => {
    const wanted = paramsOf(signature, context).split;
    const index = inputOf(context, "dataset", "dataset");
    const rows = index.splits.flatMap((name, row) => (name === wanted ? [row] : []));
    if (rows.length === 0) return Promise.reject(emptySplit(index, wanted));
    return Promise.resolve({ ...selectRows(index, rows), notes: describeLeaks(index, wanted) });
  },
};

function selectRows(
  { problem, classNames, examples, labels }: DatasetIndex,
  rows: readonly number[],
): LabelledExamples {
  const values = new Int32Array(rows.length * labels.width);
  rows.forEach((row, position) => {
    values.set(labels.values.subarray(row * labels.width, (row + 1) * labels.width), position * labels.width);
  });
  return {
    problem,
    classNames,
    examples: rows.flatMap((row) => examples[row] ?? []),
    labels: { width: labels.width, values },
  };
}

function emptySplit({ splits }: DatasetIndex, wanted: string): OpError {
  const counts = splitNames.map((name) => `${name} ${String(splits.filter((found) => found === name).length)}`);
  return new OpError(
    "split-empty",
    `The data set has no example in the split ${wanted}: ${counts.join(", ")}.`,
    `Give the data set a ${wanted} split, or ask for nothing of it.`,
  );
}

/** A score on examples that were trained on says too much: identical images, and images of the same group (patient). */
function describeLeaks({ examples, splits }: DatasetIndex, wanted: string): readonly string[] {
  if (wanted === "train") return [];
  const training = examples.filter((_, row) => splits[row] === "train");
  const asked = examples.filter((_, row) => splits[row] === wanted);
  const digests = new Set(training.map(({ digest }) => digest));
  const groups = new Set(training.map(({ group }) => group));
  const sameImages = asked.filter(({ digest }) => digests.has(digest)).length;
  const sameGroups = asked.filter(({ group }) => group !== null && groups.has(group)).length;
  const share = (count: number): string =>
    `${String(count)} of the ${String(asked.length)} images of the split ${wanted}`;
  return [
    ...(sameImages > 0 ? [`A leak: ${share(sameImages)} are in the training split too, byte for byte.`] : []),
    ...(sameGroups > 0
      ? [`A leak: ${share(sameGroups)} are of groups (patients) that the training split has too.`]
      : []),
  ];
}
