import { inputOf, paramsOf } from "../op-context.ts";
import { OpError } from "../op-error.ts";
import type { SingleOp } from "../op.ts";
import { describeAbsentLabels } from "./class-counts.ts";
import { comparisonInputs, comparisonParams } from "./compared-rows.ts";
import { labelCountParams, predictByLabelCounts } from "./label-counts.ts";
import { predictByNeighbours } from "./predict-by-neighbours.ts";

const signature = {
  name: "mlknn",
  version: 3,
  summary:
    "ML-kNN: the probability of each of several labels, given how many of the k nearest training examples have it.",
  use: "constructor",
  role: "head",
  params: {
    k: {
      type: "integer",
      summary: "Neighbours that are counted; each k is a question of its own.",
      min: 1,
      default: 20,
    },
    ...labelCountParams,
    ...comparisonParams,
  },
  inputs: comparisonInputs,
  joinsVal: "with_val",
  output: "predictions",
  facts: { fits: { labels: "multi-label", instead: "knn_or_mlknn" }, takesParts: { named: "part" } },
} as const;

/** Multi-label k nearest neighbours; see `predictByLabelCounts`. */
export const mlknn: SingleOp = {
  shape: "single",
  signature,
  deterministic: true,
  libraries: [],
  run: async (context) => {
    const params = paramsOf(signature, context);
    const training = inputOf(context, "trainExamples", "examples");
    if (training.problem !== "multi-label") {
      throw new OpError(
        "mlknn-single-label",
        "mlknn counts several labels per example, but the examples of this data set have one each.",
        "Use knn, or knn_or_mlknn, which takes the vote that suits each data set.",
      );
    }
    return predictByNeighbours(context, params, {
      predict: predictByLabelCounts,
      describeAbsent: describeAbsentLabels,
    });
  },
};
