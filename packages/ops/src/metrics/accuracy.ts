import type { Predictions } from "../artifacts/predictions.ts";
import { confusionStatistic } from "./confusion.ts";
import { defineMetric } from "./define-metric.ts";
import { prepareExampleMean } from "./example-mean.ts";
import { prepareLabelMean } from "./label-mean.ts";
import type { PreparedMetric } from "./metric.ts";
import { predictedClasses } from "./predicted-classes.ts";

/** Share of right answers. Every label counts in the mean, also one that no scored example has: its accuracy is defined. */
export const accuracy = defineMetric({
  name: "accuracy",
  version: 2,
  summary:
    "Share of examples whose highest score is the true class, the first of equal ones; for multi-label the mean over labels of the share of right flags, above 0.5 meaning yes.",
  better: "higher",
  params: {},
  prepare: (predictions) =>
    predictions.problem === "multi-label" ? prepareLabels(predictions) : prepareClasses(predictions),
});

function prepareClasses(predictions: Predictions): PreparedMetric {
  const { values } = predictions.labels;
  return prepareExampleMean(
    Float64Array.from(predictedClasses(predictions), (label, row) => (label === values[row] ? 1 : 0)),
  );
}

function prepareLabels(predictions: Predictions): PreparedMetric {
  const shareOfRight = confusionStatistic(
    ({ truePositives, trueNegatives, falsePositives, falseNegatives }) =>
      (truePositives + trueNegatives) / (truePositives + trueNegatives + falsePositives + falseNegatives),
  );
  return prepareLabelMean(predictions, (column) => {
    const resample = shareOfRight(column);
    return (block) => resample(block).values;
  });
}
