import { everyExampleOnce } from "./weight-sums.ts";
import type { WeightBlock } from "./metric.ts";

/** A value per resample for each class, NaN where the class has none there. */
export interface ValuesOfClasses {
  readonly values: readonly Float64Array[];
  /** What each class counts in the mean; all the same where absent. */
  readonly shares?: readonly Int32Array[];
}

/** Mean over the classes that have a value, per resample; NaN where none has. */
export function meanOverClasses({ values, shares }: ValuesOfClasses, count: number): Float64Array {
  const sums = new Float64Array(count);
  const totals = new Float64Array(count);
  values.forEach((ofClass, index) => {
    for (let resample = 0; resample < count; resample++) {
      const value = ofClass[resample]!;
      if (Number.isNaN(value)) continue;
      const share = shares === undefined ? 1 : shares[index]![resample]!;
      sums[resample] = sums[resample]! + share * value;
      totals[resample] = totals[resample]! + share;
    }
  });
  return sums.map((sum, resample) => sum / totals[resample]!);
}

/** The one value of a resample in which every example counts once; null where there is none. */
export function valueOnce(resample: (block: WeightBlock) => Float64Array, examples: number): number | null {
  return numberOrNull(resample(everyExampleOnce(examples))[0]!);
}

export function numberOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
