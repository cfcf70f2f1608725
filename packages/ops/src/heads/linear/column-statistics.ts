import type { ExampleSet } from "../../artifacts/examples.ts";
import { OpError } from "../../op-error.ts";
import type { TrainingExamples } from "./trainer.ts";

interface StatisticsOptions {
  /** For messages: the parts that the columns are. */
  readonly parts: readonly string[];
  readonly set: ExampleSet;
  /** False: mean 0 and deviation 1, so that features stay as they are. */
  readonly standardise: boolean;
}

/**
 * Mean and population deviation of every input over the rows, in float64 and two passes, rounded to float32. An input that
 * has one value throughout gets deviation 1 and its exact value as mean, so that rounding cannot turn it into noise.
 * @throws OpError `feature-not-finite` naming the example
 */
export function columnStatistics(
  { rows, values, rowWidth, columns }: Pick<TrainingExamples, "rows" | "values" | "rowWidth" | "columns">,
  options: StatisticsOptions,
): Pick<TrainingExamples, "mean" | "deviation"> {
  const places = columns.flatMap(({ start, length }) => Array.from({ length }, (_, index) => start + index));
  const sums = new Float64Array(places.length);
  const isConstant = new Uint8Array(places.length).fill(1);
  for (let row = 0; row < rows; row++) {
    for (let input = 0; input < places.length; input++) {
      const value = values[row * rowWidth + places[input]!]!;
      sums[input]! += value;
      if (value !== values[places[input]!]) isConstant[input] = 0;
    }
  }
  requireFinite(sums, { rows, values, rowWidth, columns }, options);
  const mean = Float32Array.from(sums, (sum) => sum / rows);
  const deviation = new Float32Array(places.length).fill(1);
  if (!options.standardise) return { mean: mean.fill(0), deviation };

  const squares = new Float64Array(places.length);
  for (let row = 0; row < rows; row++) {
    for (let input = 0; input < places.length; input++) {
      const difference = values[row * rowWidth + places[input]!]! - sums[input]! / rows;
      squares[input]! += difference * difference;
    }
  }
  for (let input = 0; input < places.length; input++) {
    if (isConstant[input] === 1) mean[input] = values[places[input]!]!;
    else deviation[input] = Math.max(Math.sqrt(squares[input]! / rows), smallestDeviation);
  }
  return { mean, deviation };
}

/** Smaller ones would be zero in float32, or make its largest numbers infinite. */
const smallestDeviation = 1e-30;

function requireFinite(
  sums: Float64Array,
  { rows, values, rowWidth, columns }: Pick<TrainingExamples, "rows" | "values" | "rowWidth" | "columns">,
  { parts, set }: StatisticsOptions,
): void {
  if (sums.every(Number.isFinite)) return;
  for (let row = 0; row < rows; row++) {
    for (const [index, { start, length }] of columns.entries()) {
      const part = values.subarray(row * rowWidth + start, row * rowWidth + start + length);
      const column = part.findIndex((value) => !Number.isFinite(value));
      if (column < 0) continue;
      throw new OpError(
        "feature-not-finite",
        `Feature ${String(column)} of part "${parts[index] ?? ""}" is ${String(part[column])} for example ${set.examples[row]?.id ?? ""}.`,
        "A head needs finite numbers: check this image and the weights and preprocessing of the backbone.",
      );
    }
  }
}
