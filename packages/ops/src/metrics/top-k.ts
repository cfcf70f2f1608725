import type { Predictions } from "../artifacts/predictions.ts";
import { defineMetric } from "./define-metric.ts";
import { prepareExampleMean } from "./example-mean.ts";
import { withoutValue } from "./prepare-metric.ts";

/** Accuracy with k guesses. With as many guesses as classes it would be 1 whatever the head does, so it has no value there. */
export const topK = defineMetric({
  name: "top_k",
  version: 1,
  summary:
    "Share of examples whose true class is among the k highest scores, the first of equal ones going before; for one label per example, with k below the number of classes.",
  better: "higher",
  params: {
    k: { type: "integer", min: 1, default: 5, summary: "Guesses per example; fewer than there are classes." },
  },
  facts: { fits: { labels: "single-label" } },
  prepare: (predictions, { k }) => {
    const classes = predictions.classNames.length;
    if (predictions.problem === "multi-label") {
      return withoutValue("Top-k is not defined: these examples have several labels, and it needs one per example.");
    }
    if (k >= classes) {
      return withoutValue(
        `Top-${String(k)} is not defined: with ${String(classes)} classes the true one is always among ${String(k)} guesses.`,
      );
    }
    return prepareExampleMean(
      Float64Array.from(predictions.ids, (_, row) => (rankOfTruth(predictions, row) < k ? 1 : 0)),
    );
  },
});

/** How many classes go before the true one. */
function rankOfTruth({ classNames, labels, scores }: Predictions, row: number): number {
  const classes = classNames.length;
  const truth = labels.values[row]!;
  const score = scores[row * classes + truth]!;
  let before = 0;
  for (let index = 0; index < classes; index++) {
    const other = scores[row * classes + index]!;
    if (other > score || (other === score && index < truth)) before++;
  }
  return before;
}
