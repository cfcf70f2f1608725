import { scaleOf } from "./scale-of.ts";
import type { TrainingExamples } from "./trainer.ts";

/** Features as the training graph takes them. */
export interface PreparedExamples extends TrainingExamples {
  /** Whether `values` hold the inputs alone, standardised; else the graph takes the columns and standardises, step by step. */
  readonly isStandardised: boolean;
}

/** A copy of the inputs up to this size spares every step two passes over its batch. */
export const largestCopy = 2 ** 29;

/** The inputs standardised once, where the copy is small enough. The values have the bits that the graph would give them. */
export function prepareExamples(examples: TrainingExamples, limit: number): PreparedExamples {
  const { rows, rowWidth, columns, values, mean } = examples;
  const inputs = mean.length;
  if (rows * inputs * Float32Array.BYTES_PER_ELEMENT > limit) return { ...examples, isStandardised: false };
  const scale = scaleOf(examples);
  const copy = new Float32Array(rows * inputs);
  for (let row = 0, slot = 0; row < rows; row++) {
    let input = 0;
    for (const { start, length } of columns) {
      const first = row * rowWidth + start;
      for (let place = first; place < first + length; place++, input++) {
        copy[slot++] = Math.fround(values[place]! - mean[input]!) * scale[input]!;
      }
    }
  }
  return {
    ...examples,
    values: copy,
    rowWidth: inputs,
    columns: [{ start: 0, length: inputs }],
    isStandardised: true,
  };
}
