import type { ClassColumn } from "./class-columns.ts";
import type { ClassStatistic } from "./class-statistic.ts";
import type { WeightBlock } from "./metric.ts";
import { scoreSteps, walkSteps } from "./score-steps.ts";
import { sumWeights } from "./weight-sums.ts";

/**
 * The highest sensitivity among the thresholds of the ROC curve whose specificity is at least `least`. A threshold is a score,
 * from which on examples count as positive, or above all scores.
 */
export function sensitivityAt(least: number): ClassStatistic {
  return (column) => {
    const steps = scoreSteps(column, "together");
    return (block) => {
      const { positives, negatives } = countSides(column, block);
      const best = new Float64Array(block.count);
      const found = new Int32Array(block.count);
      const wrong = new Int32Array(block.count);
      walkSteps(steps, block, (moreWrong, moreFound) => {
        for (let resample = 0; resample < block.count; resample++) {
          const misses = wrong[resample]! + moreWrong[resample]!;
          const hits = found[resample]! + moreFound[resample]!;
          wrong[resample] = misses;
          found[resample] = hits;
          const all = negatives[resample]!;
          if ((all - misses) / all >= least) best[resample] = hits / positives[resample]!;
        }
      });
      return { values: best, positives, negatives };
    };
  };
}

/** The highest specificity among those thresholds whose sensitivity is at least `least`. */
export function specificityAt(least: number): ClassStatistic {
  return (column) => {
    const steps = scoreSteps(column, "together");
    return (block) => {
      const { positives, negatives } = countSides(column, block);
      // Above all scores nothing is found, and nothing is wrong.
      const best = new Float64Array(block.count).fill(least <= 0 ? 1 : Number.NaN);
      const found = new Int32Array(block.count);
      const wrong = new Int32Array(block.count);
      walkSteps(steps, block, (moreWrong, moreFound) => {
        for (let resample = 0; resample < block.count; resample++) {
          wrong[resample] = wrong[resample]! + moreWrong[resample]!;
          found[resample] = found[resample]! + moreFound[resample]!;
          const isFirst = Number.isNaN(best[resample]!) && found[resample]! / positives[resample]! >= least;
          if (isFirst) best[resample] = (negatives[resample]! - wrong[resample]!) / negatives[resample]!;
        }
      });
      return { values: best, positives, negatives };
    };
  };
}

/** What must be said of a value that is read off the curve. */
export function describeReading(kept: "sensitivity" | "specificity", least: number): string {
  return `Each threshold is the one of the scored split itself that keeps a ${kept} of ${String(least)}; none was fixed before.`;
}

function countSides(
  { rows, isPositive }: ClassColumn,
  block: WeightBlock,
): { readonly positives: Int32Array; readonly negatives: Int32Array } {
  const sideOf = (side: number): Int32Array => {
    const ofSide = rows.filter((_, place) => isPositive[place] === side);
    const sums = new Int32Array(block.count);
    sumWeights(sums, block, { rows: ofSide, start: 0, end: ofSide.length });
    return sums;
  };
  return { positives: sideOf(1), negatives: sideOf(0) };
}
