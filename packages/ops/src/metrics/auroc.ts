import type { Predictions } from "../artifacts/predictions.ts";
import { averageOverClasses, columnOf, hasBothSides, type ClassColumn } from "./class-columns.ts";
import { createMetricOp, type Measurement } from "./metric-op.ts";

/** Area under the ROC curve; tied scores count half. Thresholds play no part. */
export const auroc = createMetricOp({
  name: "auroc",
  version: 1,
  summary:
    "Area under the ROC curve: of class 1 (binary), or the mean over classes, one against the rest (multi-class) or each by itself (multi-label).",
  measure: (predictions) =>
    predictions.problem === "binary" ? measureBinary(predictions) : averageOverClasses(predictions, areaUnderRoc),
});

function measureBinary(predictions: Predictions): Measurement {
  const column = columnOf(predictions, 1);
  if (hasBothSides(column)) return { value: areaUnderRoc(column), perClass: null, notes: [] };
  const absent = predictions.classNames[column.positives === 0 ? 1 : 0] ?? "";
  const note = `AUROC is not defined: the scored split has no example of class "${absent}".`;
  return { value: null, perClass: null, notes: [note] };
}

/**
 * The share of (positive, negative) pairs in which the positive scores higher, ties counting half: the Mann-Whitney
 * statistic, which equals the area under the trapezoidal ROC curve. Counts are integers, so the quotient is exact to
 * the last digit.
 */
function areaUnderRoc({ scores, isPositive, positives, negatives }: ClassColumn): number {
  const order = Array.from(scores.keys()).sort((a, b) => scores[a]! - scores[b]!);
  let halfPairs = 0;
  let negativesBelow = 0;
  for (let start = 0; start < order.length;) {
    let end = start;
    let tiedPositives = 0;
    while (end < order.length && scores[order[end]!] === scores[order[start]!]) {
      if (isPositive[order[end]!]!) tiedPositives++;
      end++;
    }
    const tiedNegatives = end - start - tiedPositives;
    halfPairs += tiedPositives * (2 * negativesBelow + tiedNegatives);
    negativesBelow += tiedNegatives;
    start = end;
  }
  return halfPairs / (2 * positives * negatives);
}
