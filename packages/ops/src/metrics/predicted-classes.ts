import type { Predictions } from "../artifacts/predictions.ts";

/** The class with the highest score, per example; of equal ones the first in the class list. For one label per example. */
export function predictedClasses({ ids, classNames, scores }: Predictions): Int32Array {
  const classes = classNames.length;
  return Int32Array.from(ids, (_, row) => {
    let best = 0;
    for (let index = 1; index < classes; index++) {
      if (scores[row * classes + index]! > scores[row * classes + best]!) best = index;
    }
    return best;
  });
}

/** Whether each example is predicted to have the class: the highest score, or for `multi-label` a score above 0.5. */
export function isPredicted(predictions: Predictions): (row: number, classIndex: number) => boolean {
  if (predictions.problem === "multi-label") {
    const classes = predictions.classNames.length;
    return (row, classIndex) => predictions.scores[row * classes + classIndex]! > 0.5;
  }
  const predicted = predictedClasses(predictions);
  return (row, classIndex) => predicted[row] === classIndex;
}
