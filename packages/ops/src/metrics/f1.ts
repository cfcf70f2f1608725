import type { Predictions } from "../artifacts/predictions.ts";
import { averageOverClasses, columnOf } from "./class-columns.ts";
import { createMetricOp, type Measurement } from "./metric-op.ts";
import { confusionOf, isPredicted, type Confusion } from "./predicted-classes.ts";

/** Harmonic mean of precision and recall, 2 TP / (2 TP + FP + FN). */
export const f1 = createMetricOp({
  name: "f1",
  version: 1,
  summary:
    "Harmonic mean of precision and recall: of class 1 (binary), or the mean over classes (multi-class) or labels at 0.5 (multi-label).",
  measure: (predictions) => {
    if (predictions.problem === "binary") return measureBinary(predictions);
    const predicted = isPredicted(predictions);
    return averageOverClasses(predictions, ({ isPositive }, index) =>
      harmonicMean(confusionOf(isPositive, (row) => predicted(row, index))),
    );
  },
});

function measureBinary(predictions: Predictions): Measurement {
  const predicted = isPredicted(predictions);
  const confusion = confusionOf(columnOf(predictions, 1).isPositive, (row) => predicted(row, 1));
  const { truePositives, falsePositives, falseNegatives } = confusion;
  if (truePositives + falsePositives + falseNegatives > 0) {
    return { value: harmonicMean(confusion), perClass: null, notes: [] };
  }
  const name = predictions.classNames[1] ?? "";
  const note = `F1 is set to 0: no scored example has or was given class "${name}", so that it is 0 / 0.`;
  return { value: 0, perClass: null, notes: [note] };
}

/** The denominator is above zero wherever the class has an example. */
function harmonicMean({ truePositives, falsePositives, falseNegatives }: Confusion): number {
  return (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives);
}
