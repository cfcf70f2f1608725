import { bitReader, readBits, readZeros, type BitReader } from "./bit-reader.ts";
import type { JpegLsScan } from "./stream.ts";

/** What a scan's decoder knows and has learned (ISO/IEC 14495-1 A.2). */
export interface CoderState {
  readonly reader: BitReader;
  readonly near: number;
  readonly maxValue: number;
  /** What one step of a quantised error is worth. */
  readonly step: number;
  /** How many quantised errors there are, times the step: errors are told up to this. */
  readonly span: number;
  readonly reset: number;
  /** The longest code, and the bits of an error that is written as it is. */
  readonly limit: number;
  readonly errorBits: number;
  /** By difference + maxValue: -4 to 4. */
  readonly quantised: Int8Array;
  /** Of 365 regular contexts, then two of interrupted runs: sums of errors, counts, and, but for these two, biases and corrections. */
  readonly sums: Int32Array;
  readonly counts: Int32Array;
  readonly biases: Int32Array;
  readonly corrections: Int32Array;
  /** Of the two contexts of interrupted runs: how many errors were negative. */
  readonly negatives: Int32Array;
}

export const contexts = { regular: 365, interruptedAway: 365, interruptedNear: 366, all: 367 } as const;

export function coderState({ data, near, presets }: JpegLsScan): CoderState {
  const { maxValue, reset, thresholds } = presets;
  const step = 2 * near + 1;
  const range = Math.floor((maxValue + 2 * near) / step) + 1;
  const valueBits = Math.max(2, bitsFor(maxValue + 1));
  return {
    reader: bitReader(data),
    near,
    maxValue,
    step,
    span: range * step,
    reset,
    limit: 2 * (valueBits + Math.max(8, valueBits)),
    errorBits: bitsFor(range),
    quantised: quantisedDifferences(maxValue, near, thresholds),
    sums: new Int32Array(contexts.all).fill(Math.max(2, (range + 32) >> 6)),
    counts: new Int32Array(contexts.all).fill(1),
    biases: new Int32Array(contexts.regular),
    corrections: new Int32Array(contexts.regular),
    negatives: new Int32Array(contexts.all),
  };
}

function bitsFor(values: number): number {
  return 32 - Math.clz32(values - 1);
}

/** A.3.3. */
function quantisedDifferences(
  maxValue: number,
  near: number,
  [first, second, third]: readonly [number, number, number],
): Int8Array {
  const quantised = new Int8Array(2 * maxValue + 1);
  for (const [index, from] of [near + 1, first, second, third].entries()) {
    quantised.fill(index + 1, maxValue + from);
    quantised.fill(-index - 1, 0, Math.max(0, maxValue - from + 1));
  }
  return quantised;
}

/** A.5.3: an error that was mapped to a number without sign, by a Golomb code of limited length. */
export function readMapped({ reader, errorBits }: CoderState, parameter: number, limit: number): number {
  const longest = limit - errorBits - 1;
  const zeros = readZeros(reader, longest);
  return zeros < longest ? (zeros << parameter) | readBits(reader, parameter) : readBits(reader, errorBits) + 1;
}

/** A.5.1: how many times the count must double to reach the sum. Of garbled data a sum may be out of reach. */
export function golombParameter(state: CoderState, count: number, sum: number): number {
  let parameter = 0;
  for (let reached = count; reached < sum; reached *= 2) parameter++;
  if (parameter <= 16) return parameter;
  state.reader.isExhausted = true;
  return 0;
}

/** A.4.4 and A.5.4: prediction and error, within the values that there are. */
export function reconstruct({ near, maxValue, span, step }: CoderState, predicted: number, error: number): number {
  let value = predicted + error * step;
  if (value < -near) value += span;
  else if (value > maxValue + near) value -= span;
  return value < 0 ? 0 : Math.min(value, maxValue);
}
