import { averageParams } from "./average-params.ts";
import { prepareAverage } from "./class-average.ts";
import { confusionStatistic } from "./confusion.ts";
import { defineMetric } from "./define-metric.ts";
import { describeReading, specificityAt } from "./operating-point.ts";
import { withNote } from "./with-note.ts";

const shareSpared = confusionStatistic(
  ({ trueNegatives, falsePositives }) => trueNegatives / (trueNegatives + falsePositives),
);

/** True negative rate, at the head's own decision or at a point of the ROC curve. */
export const specificity = defineMetric({
  name: "specificity",
  version: 2,
  summary:
    "Share of the examples without the class that were not given it: of class 1 (binary), or the mean over classes; given means the highest score, or for multi-label above 0.5.",
  better: "higher",
  params: {
    ...averageParams,
    sensitivity: {
      type: "number",
      min: 0,
      max: 1,
      default: null,
      summary:
        "Read off the ROC curve instead: the highest specificity among the thresholds of the scored split whose sensitivity is at least this.",
    },
  },
  prepare: (predictions, params) => {
    const least = params.sensitivity;
    const title = "Specificity";
    if (least === null) {
      return prepareAverage(predictions, params, { title, statistic: shareSpared, needsOfTwo: "negatives" });
    }
    const prepared = prepareAverage(predictions, params, {
      title,
      statistic: specificityAt(least),
      needsOfTwo: "both",
    });
    return withNote(prepared, describeReading("sensitivity", least));
  },
});
