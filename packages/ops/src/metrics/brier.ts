import type { Predictions } from "../artifacts/predictions.ts";
import { defineMetric } from "./define-metric.ts";
import { prepareExampleMean, resampleMean } from "./example-mean.ts";
import { prepareLabelMean } from "./label-mean.ts";
import { withoutValue } from "./prepare-metric.ts";
import { describeNoProbability } from "./probabilities.ts";

/** Mean squared error of probabilities: it is small where they are both sharp and true. */
export const brier = defineMetric({
  name: "brier",
  version: 2,
  summary:
    "Brier score, the mean over examples of (p - y) squared, p being the probability of class 1 (binary); summed over the classes (multi-class, from 0 to 2); the mean over labels (multi-label).",
  better: "lower",
  params: {},
  prepare: (predictions) => {
    const reason = describeNoProbability(predictions, "Brier score");
    if (reason !== null) return withoutValue(reason);
    if (predictions.problem !== "multi-label") return prepareExampleMean(squaredErrors(predictions));
    return prepareLabelMean(predictions, ({ rows, scores, isPositive }) =>
      resampleMean(
        rows,
        scores.map((score, place) => (score - isPositive[place]!) ** 2),
      ),
    );
  },
});

function squaredErrors({ problem, classNames, ids, labels, scores }: Predictions): Float64Array {
  const classes = classNames.length;
  return Float64Array.from(ids, (_, row) => {
    const label = labels.values[row]!;
    if (problem === "binary") return (scores[2 * row + 1]! - label) ** 2;
    let sum = 0;
    for (let index = 0; index < classes; index++) {
      sum += (scores[row * classes + index]! - (index === label ? 1 : 0)) ** 2;
    }
    return sum;
  });
}
