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
  matrix: Matrix,
  options: StatisticsOptions,
): Pick<TrainingExamples, "mean" | "deviation"> {
  const { rows, values, columns } = matrix;
  const places = columns.flatMap(({ start, length }) => Array.from({ length }, (_, index) => start + index));
  const sums = sumPowers(matrix, { origins: new Float64Array(places.length), squared: false });
  requireFinite(sums, matrix, options);
  const mean = Float32Array.from(sums, (sum) => sum / rows);
  const deviation = new Float32Array(places.length).fill(1);
  if (!options.standardise) return { mean: mean.fill(0), deviation };

  const exactMean = sums.map((sum) => sum / rows);
  const squares = sumPowers(matrix, { origins: exactMean, squared: true });
  for (let input = 0; input < places.length; input++) {
    const spread = Math.sqrt(squares[input]! / rows);
    // Rows that differ in one float32 at all differ by more than rounding has left here.
    const mayBeConstant = spread <= 1e-6 * Math.abs(exactMean[input]!);
    if (mayBeConstant && isConstant(matrix, places[input]!)) mean[input] = values[places[input]!]!;
    else deviation[input] = Math.max(spread, smallestDeviation);
  }
  return { mean, deviation };
}

type Matrix = Pick<TrainingExamples, "rows" | "values" | "rowWidth" | "columns">;

/** Smaller ones would be zero in float32, or make its largest numbers infinite. */
const smallestDeviation = 1e-30;

interface Powers {
  /** Of every input, what its values are measured from. */
  readonly origins: Float64Array;
  readonly squared: boolean;
}

/** Of every input, the sum over the rows of its distances from an origin, or of their squares. */
function sumPowers({ rows, values, rowWidth, columns }: Matrix, { origins, squared }: Powers): Float64Array {
  const sums = new Float64Array(origins.length);
  for (let row = 0; row < rows; row++) {
    let input = 0;
    for (const { start, length } of columns) {
      const first = row * rowWidth + start;
      for (let place = 0; place < length; place++, input++) {
        const distance = values[first + place]! - origins[input]!;
        sums[input]! += squared ? distance * distance : distance;
      }
    }
  }
  return sums;
}

function isConstant({ rows, values, rowWidth }: Matrix, column: number): boolean {
  for (let row = 1; row < rows; row++) {
    if (values[row * rowWidth + column] !== values[column]) return false;
  }
  return true;
}

function requireFinite(
  sums: Float64Array,
  { rows, values, rowWidth, columns }: Matrix,
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
