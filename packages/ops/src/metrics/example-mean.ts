import { numberOrNull } from "./mean-over-classes.ts";
import type { PreparedMetric, WeightBlock } from "./metric.ts";
import { addProducts, everyExampleOnce, sumWeights } from "./weight-sums.ts";

/** The mean of one number per example. */
export function prepareExampleMean(values: Float64Array): PreparedMetric {
  const resample = resampleMean(Int32Array.from(values.keys()), values);
  const value = numberOrNull(resample(everyExampleOnce(values.length))[0]!);
  return { measurement: { value, perClass: null, notes: [] }, resample };
}

/** The mean of a number of each of the examples `rows`; NaN in a resample in which none of them counts. */
export function resampleMean(rows: Int32Array, values: Float64Array): (block: WeightBlock) => Float64Array {
  return (block) => {
    const sums = new Float64Array(block.count);
    const totals = new Int32Array(block.count);
    rows.forEach((row, place) => {
      // Most answers are right or wrong, and what is wrong adds nothing.
      if (values[place] !== 0) addProducts(sums, block, { row, factor: values[place]! });
    });
    sumWeights(totals, block, { rows, start: 0, end: rows.length });
    return sums.map((sum, resample) => sum / totals[resample]!);
  };
}
