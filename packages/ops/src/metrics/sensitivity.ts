import { averageParams } from "./average-params.ts";
import { prepareAverage } from "./class-average.ts";
import { confusionStatistic } from "./confusion.ts";
import { defineMetric } from "./define-metric.ts";
import { describeReading, sensitivityAt } from "./operating-point.ts";
import { withNote } from "./with-note.ts";

const shareFound = confusionStatistic(
  ({ truePositives, falseNegatives }) => truePositives / (truePositives + falseNegatives),
);

/** Recall, at the head's own decision or at a point of the ROC curve. */
export const sensitivity = defineMetric({
  name: "sensitivity",
  version: 2,
  summary:
    "Recall, the share of the examples with the class that are found: of class 1 (binary), or the mean over classes; found means the highest score, or for multi-label above 0.5.",
  better: "higher",
  params: {
    ...averageParams,
    specificity: {
      type: "number",
      min: 0,
      max: 1,
      default: null,
      summary:
        "Read off the ROC curve instead: the highest sensitivity among the thresholds of the scored split whose specificity is at least this.",
    },
  },
  prepare: (predictions, params) => {
    const least = params.specificity;
    const title = "Sensitivity";
    if (least === null) {
      return prepareAverage(predictions, params, { title, statistic: shareFound, needsOfTwo: "positives" });
    }
    const prepared = prepareAverage(predictions, params, {
      title,
      statistic: sensitivityAt(least),
      needsOfTwo: "both",
    });
    return withNote(prepared, describeReading("specificity", least));
  },
});
