import type { Predictions } from "../artifacts/predictions.ts";
import { defineMetric } from "./define-metric.ts";
import { prepareLabelMean } from "./label-mean.ts";
import { valueOnce } from "./mean-over-classes.ts";
import type { PreparedMetric, WeightBlock } from "./metric.ts";
import { predictedClasses } from "./predicted-classes.ts";
import { addProducts, sumWeights } from "./weight-sums.ts";
import { withoutValue } from "./prepare-metric.ts";
import { describeNoProbability } from "./probabilities.ts";

/**
 * Expected calibration error: the mean over bins of |share of right ones - mean confidence|, each bin weighted by its examples.
 * Bins are [i / n, (i + 1) / n); a confidence of exactly 1 is a bin of its own, as in torchmetrics.
 */
export const calibrationError = defineMetric({
  name: "calibration_error",
  version: 2,
  summary:
    "Expected calibration error in bins of equal width: how far the probability of class 1 is from the share of class 1 (binary), that of the predicted class from the share of right ones (multi-class), or the mean over labels (multi-label).",
  better: "lower",
  params: {
    bins: { type: "integer", min: 1, max: 1000, default: 15, summary: "Bins of equal width between 0 and 1." },
  },
  prepare: (predictions, { bins }) => {
    const reason = describeNoProbability(predictions, "Calibration error");
    if (reason !== null) return withoutValue(reason);
    if (predictions.problem !== "multi-label") return prepareAnswers(predictions, bins);
    return prepareLabelMean(predictions, ({ rows, scores, isPositive }) =>
      resampleError({ rows, confidences: scores, isRight: isPositive }, bins),
    );
  },
});

function prepareAnswers(predictions: Predictions, bins: number): PreparedMetric {
  const { problem, ids, classNames, labels, scores } = predictions;
  const answers = problem === "binary" ? new Int32Array(ids.length).fill(1) : predictedClasses(predictions);
  const resample = resampleError(
    {
      rows: Int32Array.from(ids.keys()),
      confidences: Float64Array.from(answers, (answer, row) => scores[row * classNames.length + answer]!),
      isRight: Uint8Array.from(answers, (answer, row) => (labels.values[row] === answer ? 1 : 0)),
    },
    bins,
  );
  return { measurement: { value: valueOnce(resample, ids.length), perClass: null, notes: [] }, resample };
}

interface Answers {
  readonly rows: Int32Array;
  readonly confidences: Float64Array;
  readonly isRight: Uint8Array;
}

/** Within a bin the two means share their denominator, so that one sum of differences is enough. */
function resampleError({ rows, confidences, isRight }: Answers, bins: number): (block: WeightBlock) => Float64Array {
  const binOf = Int32Array.from(confidences, (confidence) => findBin(confidence, bins));
  return (block) => {
    const { count } = block;
    const gaps = Array.from({ length: bins + 1 }, () => new Float64Array(count));
    for (let place = 0; place < rows.length; place++) {
      const factor = isRight[place]! - confidences[place]!;
      addProducts(gaps[binOf[place]!]!, block, { row: rows[place]!, factor });
    }
    const totals = new Int32Array(count);
    sumWeights(totals, block, { rows, start: 0, end: rows.length });
    return Float64Array.from(
      totals,
      (total, resample) => gaps.reduce((sum, gap) => sum + Math.abs(gap[resample]!), 0) / total,
    );
  };
}

/** The last of the bins whose lower edge is not above the confidence. Edges are quotients, not products that are rounded. */
function findBin(confidence: number, bins: number): number {
  let bin = Math.min(Math.max(Math.floor(confidence * bins), 0), bins);
  while (bin > 0 && bin / bins > confidence) bin--;
  while (bin < bins && (bin + 1) / bins <= confidence) bin++;
  return bin;
}
