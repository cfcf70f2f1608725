import type { Predictions } from "../artifacts/predictions.ts";
import { columnOf } from "./class-columns.ts";
import { createMetricOp, type Measurement } from "./metric-op.ts";
import { confusionOf, isPredicted, predictedClasses } from "./predicted-classes.ts";

/** Share of right answers. Every label counts in the mean, also one that no scored example has: its accuracy is defined. */
export const accuracy = createMetricOp({
  name: "accuracy",
  version: 1,
  summary:
    "Share of examples whose highest score is the true class, the first of equal ones; for multi-label the mean over labels of the share of right flags, above 0.5 meaning yes.",
  measure: (predictions) =>
    predictions.problem === "multi-label" ? measureLabels(predictions) : measureClasses(predictions),
});

function measureClasses(predictions: Predictions): Measurement {
  const predicted = predictedClasses(predictions);
  const right = predicted.filter((label, row) => label === predictions.labels.values[row]).length;
  return { value: right / predicted.length, perClass: null, notes: [] };
}

function measureLabels(predictions: Predictions): Measurement {
  const predicted = isPredicted(predictions);
  const perClass = predictions.classNames.map((_, index) => {
    const { isPositive } = columnOf(predictions, index);
    const { truePositives, trueNegatives } = confusionOf(isPositive, (row) => predicted(row, index));
    return (truePositives + trueNegatives) / isPositive.length;
  });
  return { value: perClass.reduce((sum, part) => sum + part, 0) / perClass.length, perClass, notes: [] };
}
