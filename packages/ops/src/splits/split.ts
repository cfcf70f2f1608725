import { splitNames, type OpSignature, type SplitName } from "@exp-lab/dsl";
import type { DatasetIndex } from "../artifacts/dataset.ts";
import type { LabelledExamples } from "../artifacts/examples.ts";
import { inputOf, paramsOf } from "../op-context.ts";
import { OpError } from "../op-error.ts";
import type { SingleOp } from "../op.ts";
import { assignFolds } from "./folds.ts";

const signature = {
  name: "split",
  version: 3,
  summary: "The examples of one split, as the source assigns them; of training and validation together; of a fold.",
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
  run: async (context) => {
    const wanted = paramsOf(signature, context).split;
    const index = inputOf(context, "dataset", "dataset");
    const rows = rowsOf(index, wanted);
    if (rows.length === 0) throw emptySplit(index, wanted);
    return { ...selectRows(index, rows), notes: describeLeaks(index, wanted) };
  },
};

/** A split by its name; `train+val`; or one fold of the training split (`fold 2/5`) and what is left of it (`rest 2/5`). */
function rowsOf(index: DatasetIndex, wanted: string): readonly number[] {
  const { splits } = index;
  const fold = /^(fold|rest) (\d+)\/(\d+)$/.exec(wanted);
  const names = fold === null ? wanted.split("+") : ["train"];
  const rows = splits.flatMap((name, row) => (names.includes(name) ? [row] : []));
  const absent = names.find((name) => !splits.some((found) => found === name));
  if (absent !== undefined) throw emptySplit(index, absent);
  if (fold === null) return rows;
  const [, side, number, folds] = fold;
  const assigned = assignFolds(selectRows(index, rows), Number(folds));
  return rows.filter((_, place) => (assigned[place] === Number(number) - 1) === (side === "fold"));
}

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
    wanted === "val"
      ? "Give the data set a val split. A search does without one by `folds: 5` and `refit: train`."
      : `Give the data set a ${wanted} split, or ask for nothing of it.`,
  );
}

/**
 * A score on examples that a head learned from says too much: identical images, and images of the same group (patient).
 * Heads learn from the training split and, after a search, often from the validation split too.
 */
function describeLeaks(index: DatasetIndex, wanted: string): readonly string[] {
  if (wanted === "test") return [...sharedWith(index, wanted, "train"), ...sharedWith(index, wanted, "val")];
  return wanted === "val" ? sharedWith(index, wanted, "train") : [];
}

function sharedWith({ examples, splits }: DatasetIndex, wanted: SplitName, learned: SplitName): readonly string[] {
  const training = examples.filter((_, row) => splits[row] === learned);
  const asked = examples.filter((_, row) => splits[row] === wanted);
  const digests = new Set(training.map(({ digest }) => digest));
  const groups = new Set(training.map(({ group }) => group));
  const sameImages = asked.filter(({ digest }) => digests.has(digest)).length;
  const sameGroups = asked.filter(({ group }) => group !== null && groups.has(group)).length;
  const share = (count: number): string =>
    `${String(count)} of the ${String(asked.length)} images of the split ${wanted}`;
  const name = learned === "train" ? "training" : "validation";
  return [
    ...(sameImages > 0 ? [`A leak: ${share(sameImages)} are in the ${name} split too, byte for byte.`] : []),
    ...(sameGroups > 0
      ? [`A leak: ${share(sameGroups)} are of groups (patients) that the ${name} split has too.`]
      : []),
  ];
}
