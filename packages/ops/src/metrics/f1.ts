import { averageParams } from "./average-params.ts";
import { prepareAverage } from "./class-average.ts";
import { confusionStatistic, isEverPredicted, type Confusion } from "./confusion.ts";
import { defineMetric } from "./define-metric.ts";

/** Harmonic mean of precision and recall, 2 TP / (2 TP + FP + FN). */
export const f1 = defineMetric({
  name: "f1",
  version: 3,
  summary:
    "Harmonic mean of precision and recall: of class 1 (binary), or the mean over classes (multi-class) or labels at 0.5 (multi-label).",
  better: "higher",
  params: averageParams,
  prepare: (predictions, params) =>
    prepareAverage(predictions, params, {
      title: "F1",
      statistic: confusionStatistic(harmonicMean),
      needsOfTwo: "either",
      noteOf: (column) =>
        column.positives > 0 || isEverPredicted(column)
          ? null
          : `F1 is set to 0: no scored example has or was given class "${column.name ?? ""}", so that it is 0 / 0.`,
    }),
});

/** 0 where nothing has the class or was given it. */
function harmonicMean({ truePositives, falsePositives, falseNegatives }: Confusion): number {
  return (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives || 1);
}
