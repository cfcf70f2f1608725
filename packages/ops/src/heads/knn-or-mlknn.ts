import { inputOf, paramsOf } from "../op-context.ts";
import type { SingleOp } from "../op.ts";
import { describeAbsentClasses, describeAbsentLabels } from "./class-counts.ts";
import { comparisonInputs, comparisonParams } from "./compared-rows.ts";
import { labelCountParams, predictByLabelCounts } from "./label-counts.ts";
import { predictByNeighbours } from "./predict-by-neighbours.ts";
import { describeWeighed, predictByVote, voteParams } from "./vote.ts";

const signature = {
  name: "knn_or_mlknn",
  version: 3,
  summary:
    "The k nearest training examples, as the labels ask: the vote of knn for one label per example, mlknn for several.",
  use: "constructor",
  role: "head",
  params: {
    k: { type: "integer", summary: "Neighbours that are asked; each k is a question of its own.", min: 1, default: 20 },
    ...voteParams,
    ...labelCountParams,
    ...comparisonParams,
  },
  inputs: comparisonInputs,
  joinsVal: "with_val",
  output: "predictions",
  facts: { takesParts: { named: "part" } },
} as const;

/**
 * One head for a sweep over data sets of both kinds: the scores are those of `knn` or of `mlknn` with the same parameters,
 * to the bit. Parameters of the one that is not taken mean nothing.
 */
export const knnOrMlknn: SingleOp = {
  shape: "single",
  signature,
  deterministic: true,
  libraries: [],
  run: async (context) => {
    const params = paramsOf(signature, context);
    const training = inputOf(context, "trainExamples", "examples");
    return training.problem === "multi-label"
      ? predictByNeighbours(context, params, {
          predict: predictByLabelCounts,
          describeAbsent: describeAbsentLabels,
          notes: ["The head knn_or_mlknn took mlknn: an example has several labels."],
        })
      : predictByNeighbours(context, params, {
          predict: predictByVote,
          describeVote: describeWeighed,
          describeAbsent: describeAbsentClasses,
          notes: ["The head knn_or_mlknn took knn: an example has one label."],
        });
  },
};
