import { averageParams } from "./average-params.ts";
import { prepareAverage } from "./class-average.ts";
import type { ClassStatistic } from "./class-statistic.ts";
import { defineMetric } from "./define-metric.ts";
import { scoreSteps, walkSteps } from "./score-steps.ts";

/** Area under the ROC curve; tied scores count half. Thresholds play no part. */
export const auroc = defineMetric({
  name: "auroc",
  version: 3,
  summary:
    "Area under the ROC curve: of class 1 (binary), or the mean over classes, one against the rest (multi-class) or each by itself (multi-label).",
  better: "higher",
  params: {
    ...averageParams,
    absent: {
      type: "choice",
      choices: ["skip", "zero"],
      default: "skip",
      summary:
        "A class without positives or without negatives in the scored split is left out of the average (skip), or counts as 0 in it (zero), as in torchmetrics 1.0.",
    },
  },
  prepare: (predictions, params) =>
    prepareAverage(predictions, params, {
      title: "AUROC",
      statistic: areaUnderRoc,
      needsOfTwo: "both",
      isSameForBoth: true,
    }),
});

/**
 * The share of (positive, negative) pairs in which the positive scores higher, ties counting half: the Mann-Whitney
 * statistic, which equals the area under the trapezoidal ROC curve. Pairs are counted in whole numbers and halves, so the
 * quotient is exact to the last digit.
 */
const areaUnderRoc: ClassStatistic = (column) => {
  const steps = scoreSteps(column, "together");
  return (block) => {
    const { count } = block;
    const pairs = new Float64Array(count);
    const above = new Int32Array(count);
    const below = new Int32Array(count);
    walkSteps(steps, block, (negatives, positives, isTied) => {
      if (isTied) addTies(pairs, negatives, positives);
      addStep({ pairs, above, below }, negatives, positives);
    });
    const values = pairs.map((won, resample) => won / (above[resample]! * below[resample]!));
    return { values, positives: above, negatives: below };
  };
};

interface Counts {
  /** Pairs that the positive has won. */
  readonly pairs: Float64Array;
  /** Positives so far. */
  readonly above: Int32Array;
  /** Negatives so far. */
  readonly below: Int32Array;
}

function addStep({ pairs, above, below }: Counts, negatives: Int32Array, positives: Int32Array): void {
  for (let resample = 0; resample < pairs.length; resample++) {
    const higher = above[resample]!;
    const lower = negatives[resample]!;
    pairs[resample] = pairs[resample]! + lower * higher;
    below[resample] = below[resample]! + lower;
    above[resample] = higher + positives[resample]!;
  }
}

function addTies(pairs: Float64Array, negatives: Int32Array, positives: Int32Array): void {
  for (let resample = 0; resample < pairs.length; resample++) {
    pairs[resample] = pairs[resample]! + (negatives[resample]! * positives[resample]!) / 2;
  }
}
