import type { ClassColumn } from "./class-columns.ts";
import type { WeightBlock } from "./metric.ts";
import { createRunSums } from "./weight-sums.ts";

/**
 * The examples of a column from the highest score to the lowest, in as few steps as a quantity of the ranking needs. A step
 * is a run of negatives and, below it, a run of positives; or, tied, examples of both sides with one score. A threshold may
 * lie between any two steps.
 */
export interface ScoreSteps {
  readonly rows: Int32Array;
  /** [2 x steps + 1]: where the negatives of step s begin (2s), and its positives (2s + 1). */
  readonly bounds: Int32Array;
  readonly isTied: Uint8Array;
}

/**
 * @param positives `together`: positives in a row are one step, whatever their scores; `apart`: those with different scores are
 *   in different steps
 */
export function scoreSteps(column: ClassColumn, positives: "together" | "apart"): ScoreSteps {
  const order = negativesBeforeTheirEquals(column);
  const steps: Step[] = [];
  for (let start = 0; start < order.length;) {
    const { middle, end } = endOfEquals(column, order, start);
    const isTied = middle > start && end > middle;
    const step = steps.at(-1);
    if (step === undefined || isTied || !takesMore(step, middle === start && positives === "together")) {
      steps.push({ middle, end, isTied });
    } else {
      if (step.middle === step.end) step.middle = middle;
      step.end = end;
    }
    start = end;
  }
  return {
    rows: order.map((place) => column.rows[place]!),
    bounds: Int32Array.from([0, ...steps.flatMap(({ middle, end }) => [middle, end])]),
    isTied: Uint8Array.from(steps, ({ isTied }) => (isTied ? 1 : 0)),
  };
}

/** What each side counts in a step, per resample. The arrays are the same ones in every step. */
export type OnStep = (negatives: Int32Array, positives: Int32Array, isTied: boolean) => void;

export function walkSteps({ rows, bounds, isTied }: ScoreSteps, block: WeightBlock, onStep: OnStep): void {
  const negatives = new Int32Array(block.count);
  const positives = new Int32Array(block.count);
  const sumRun = createRunSums(block);
  for (let step = 0; step < isTied.length; step++) {
    const middle = bounds[2 * step + 1]!;
    sumRun(negatives, { rows, start: bounds[2 * step]!, end: middle });
    sumRun(positives, { rows, start: middle, end: bounds[2 * step + 2]! });
    onStep(negatives, positives, isTied[step] === 1);
  }
}

/** A step begins where the one before it ends. */
interface Step {
  /** Where its positives begin. */
  middle: number;
  end: number;
  readonly isTied: boolean;
}

/** Below a positive only more positives belong to a step, and those only where they may. */
function takesMore({ middle, end, isTied }: Step, mayFollowPositives: boolean): boolean {
  return !isTied && (middle === end || mayFollowPositives);
}

/** Places from the highest score to the lowest. */
function negativesBeforeTheirEquals({ scores, isPositive }: ClassColumn): Int32Array {
  return Int32Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]! || isPositive[a]! - isPositive[b]!);
}

function endOfEquals(
  { scores, isPositive }: ClassColumn,
  order: Int32Array,
  start: number,
): { readonly middle: number; readonly end: number } {
  const score = scores[order[start]!];
  let middle = start;
  while (middle < order.length && scores[order[middle]!] === score && isPositive[order[middle]!] === 0) middle++;
  let end = middle;
  while (end < order.length && scores[order[end]!] === score) end++;
  return { middle, end };
}
