import type { Predictions } from "../artifacts/predictions.ts";
import { describeCounted, describeUnknown } from "./average-notes.ts";
import { classColumns, type ClassColumn } from "./class-columns.ts";
import { meanOverClasses, numberOrNull } from "./mean-over-classes.ts";
import type { PreparedMetric, WeightBlock } from "./metric.ts";
import { everyExampleOnce } from "./weight-sums.ts";

/**
 * Of several labels the mean over all of them, also of those that no scored example has or that all have: their value is
 * defined. A label of which nothing is known is left out.
 *
 * @param prepare one label's value per resample; NaN where no known flag counts
 */
export function prepareLabelMean(
  predictions: Predictions,
  prepare: (column: ClassColumn) => (block: WeightBlock) => Float64Array,
): PreparedMetric {
  const columns = classColumns(predictions);
  const prepared = columns.map(prepare);
  const valuesOf = (block: WeightBlock): readonly Float64Array[] => prepared.map((resample) => resample(block));
  const once = valuesOf(everyExampleOnce(predictions.ids.length));
  const unknown = columns.filter(({ rows }) => rows.length === 0);
  return {
    measurement: {
      value: numberOrNull(meanOverClasses({ values: once }, 1)[0]!),
      perClass: once.map((values) => numberOrNull(values[0]!)),
      notes: [
        ...unknown.map(
          ({ name }) => `Of class "${name ?? ""}" nothing is known in the scored split: it is left out of the average.`,
        ),
        ...describeCounted(columns.filter(({ rows }) => rows.length > 0)),
        ...describeUnknown(columns),
      ],
    },
    resample: (block) => meanOverClasses({ values: valuesOf(block) }, block.count),
  };
}
