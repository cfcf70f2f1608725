import { averageOverClasses } from "./class-columns.ts";
import { createMetricOp } from "./metric-op.ts";
import { confusionOf, isPredicted } from "./predicted-classes.ts";

/** Mean recall. A split with one class only has none: the recall of one class says nothing of telling classes apart. */
export const balancedAccuracy = createMetricOp({
  name: "balanced_accuracy",
  version: 1,
  summary:
    "Mean over classes of the share of their examples that are found; for multi-label the mean over labels of (sensitivity + specificity) / 2 at 0.5.",
  measure: (predictions) => {
    const predicted = isPredicted(predictions);
    return averageOverClasses(predictions, ({ isPositive, positives, negatives }, index) => {
      const { truePositives, trueNegatives } = confusionOf(isPositive, (row) => predicted(row, index));
      const sensitivity = truePositives / positives;
      return predictions.problem === "multi-label" ? (sensitivity + trueNegatives / negatives) / 2 : sensitivity;
    });
  },
});
