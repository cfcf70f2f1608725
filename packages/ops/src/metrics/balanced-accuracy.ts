import { prepareMeanOverClasses } from "./class-average.ts";
import { confusionStatistic } from "./confusion.ts";
import { defineMetric } from "./define-metric.ts";

/** Mean recall. A split with one class only has none: the recall of one class says nothing of telling classes apart. */
export const balancedAccuracy = defineMetric({
  name: "balanced_accuracy",
  version: 2,
  summary:
    "Mean over classes of the share of their examples that are found; for multi-label the mean over labels of (sensitivity + specificity) / 2 at 0.5.",
  better: "higher",
  params: {},
  prepare: (predictions) =>
    prepareMeanOverClasses(predictions, {
      title: "Balanced accuracy",
      needsOfTwo: "both",
      statistic: confusionStatistic(({ truePositives, falsePositives, falseNegatives, trueNegatives }) => {
        const sensitivity = truePositives / (truePositives + falseNegatives);
        if (predictions.problem !== "multi-label") return sensitivity;
        return (sensitivity + trueNegatives / (trueNegatives + falsePositives)) / 2;
      }),
    }),
});
