import { averageParams } from "./average-params.ts";
import { prepareAverage } from "./class-average.ts";
import type { ClassStatistic } from "./class-statistic.ts";
import { defineMetric } from "./define-metric.ts";
import { scoreSteps, walkSteps } from "./score-steps.ts";

/** Area under the precision-recall curve without interpolation. Its value for guessing is the share of positives. */
export const averagePrecision = defineMetric({
  name: "average_precision",
  version: 2,
  summary:
    "Mean of the precisions at each threshold, weighted by the recall that the threshold adds (no interpolation): of class 1 (binary), or the mean over classes.",
  better: "higher",
  params: averageParams,
  prepare: (predictions, params) =>
    prepareAverage(predictions, params, {
      title: "Average precision",
      statistic: precisionOverThresholds,
      needsOfTwo: "both",
    }),
});

/** Thresholds are the distinct scores: examples with equal scores are taken in at once. */
const precisionOverThresholds: ClassStatistic = (column) => {
  const steps = scoreSteps(column, "apart");
  return (block) => {
    const { count } = block;
    const sums = new Float64Array(count);
    const found = new Int32Array(count);
    const wrong = new Int32Array(count);
    walkSteps(steps, block, (negatives, positives) => {
      for (let resample = 0; resample < count; resample++) {
        const more = positives[resample]!;
        const hits = found[resample]! + more;
        const misses = wrong[resample]! + negatives[resample]!;
        found[resample] = hits;
        wrong[resample] = misses;
        // Also where nothing is taken in yet: 0 / 1.
        sums[resample] = sums[resample]! + (more * hits) / (hits + misses || 1);
      }
    });
    return { values: sums.map((sum, resample) => sum / found[resample]!), positives: found, negatives: wrong };
  };
};
