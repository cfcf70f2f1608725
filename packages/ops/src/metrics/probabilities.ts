import type { Predictions } from "../artifacts/predictions.ts";

/** Sums of votes may pass 1 in their last digits. */
const slack = 1e-9;

/** What to say of scores that are no probabilities, so that a metric of probabilities has no value; null where all are. */
export function describeNoProbability({ scores }: Predictions, title: string): string | null {
  const wrong = scores.find((score) => score < -slack || score > 1 + slack);
  if (wrong === undefined) return null;
  return `${title} is not defined: it needs probabilities, and a score of ${String(wrong)} is none.`;
}
