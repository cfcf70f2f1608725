import { averageParams } from "./average-params.ts";
import { prepareAverage } from "./class-average.ts";
import type { ClassColumn } from "./class-columns.ts";
import { confusionStatistic, isEverPredicted } from "./confusion.ts";
import { defineMetric } from "./define-metric.ts";

/** Positive predictive value. It hangs on how common the class is in the scored split. */
export const precision = defineMetric({
  name: "precision",
  version: 2,
  summary:
    "Positive predictive value, the share of right ones among the examples that were given the class: of class 1 (binary), or the mean over classes (multi-class) or labels at 0.5 (multi-label).",
  better: "higher",
  params: averageParams,
  prepare: (predictions, params) =>
    prepareAverage(predictions, params, {
      title: "Precision",
      statistic: confusionStatistic(
        ({ truePositives, falsePositives }) => truePositives / (truePositives + falsePositives || 1),
      ),
      needsOfTwo: "either",
      noteOf: describeNeverGiven,
    }),
});

function describeNeverGiven(column: ClassColumn): string | null {
  if (isEverPredicted(column)) return null;
  if (column.name === null) return "Precision is set to 0: no scored example was given any class, so that it is 0 / 0.";
  return `Precision of class "${column.name}" is set to 0: no scored example was given it, so that it is 0 / 0.`;
}
