import { inputOf, paramsOf } from "../op-context.ts";
import { OpError } from "../op-error.ts";
import type { SingleOp } from "../op.ts";
import { describeAbsentClasses } from "./class-counts.ts";
import { comparisonInputs, comparisonParams } from "./compared-rows.ts";
import { predictByNeighbours } from "./predict-by-neighbours.ts";
import { describeWeighed, predictByVote, voteParams } from "./vote.ts";

const signature = {
  name: "knn",
  version: 4,
  summary: "Vote of the k nearest training examples; nothing is fitted.",
  use: "constructor",
  role: "head",
  params: {
    k: { type: "integer", summary: "Neighbours that vote; each k is a question of its own.", min: 1, default: 20 },
    ...voteParams,
    ...comparisonParams,
  },
  inputs: comparisonInputs,
  joinsVal: "with_val",
  output: "predictions",
  facts: { fits: { labels: "single-label", instead: "knn_or_mlknn" }, takesParts: { named: "part" } },
} as const;

/** Exact k nearest neighbours for one label per example. A class's score is its share of the vote; see `predictByVote`. */
export const knn: SingleOp = {
  shape: "single",
  signature,
  deterministic: true,
  libraries: [],
  run: async (context) => {
    const params = paramsOf(signature, context);
    const training = inputOf(context, "trainExamples", "examples");
    if (training.problem === "multi-label") {
      throw new OpError(
        "knn-multi-label",
        "knn votes for one class per example, but this data set is multi-label.",
        "Use mlknn, or knn_or_mlknn, which takes the vote that suits each data set.",
      );
    }
    return predictByNeighbours(context, params, {
      predict: predictByVote,
      describeVote: describeWeighed,
      describeAbsent: describeAbsentClasses,
    });
  },
};
