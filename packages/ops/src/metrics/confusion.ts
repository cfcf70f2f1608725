import type { ClassColumn } from "./class-columns.ts";
import type { ClassStatistic } from "./class-statistic.ts";
import { addWeights } from "./weight-sums.ts";

/** Hits and misses of one class against the rest. */
export interface Confusion {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
}

/** A quantity that is worked out from hits and misses alone. */
export function confusionStatistic(measure: (confusion: Confusion) => number): ClassStatistic {
  return ({ rows, isPositive, isPredicted }) =>
    (block) => {
      const [trueNegatives, falsePositives, falseNegatives, truePositives] = [0, 1, 2, 3].map(
        () => new Int32Array(block.count),
      ) as [Int32Array, Int32Array, Int32Array, Int32Array];
      const cells = [trueNegatives, falsePositives, falseNegatives, truePositives];
      for (let place = 0; place < rows.length; place++) {
        addWeights(cells[2 * isPositive[place]! + isPredicted[place]!]!, block, rows[place]!);
      }
      const values = Float64Array.from(truePositives, (hits, resample) =>
        measure({
          truePositives: hits,
          falsePositives: falsePositives[resample]!,
          falseNegatives: falseNegatives[resample]!,
          trueNegatives: trueNegatives[resample]!,
        }),
      );
      return {
        values,
        positives: truePositives.map((hits, resample) => hits + falseNegatives[resample]!),
        negatives: trueNegatives.map((rest, resample) => rest + falsePositives[resample]!),
      };
    };
}

/** Whether any of the examples is predicted to have the class. */
export function isEverPredicted({ isPredicted }: ClassColumn): boolean {
  return isPredicted.includes(1);
}
