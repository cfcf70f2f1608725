import { golombParameter, readMapped, reconstruct, type CoderState } from "./coder-state.ts";

/**
 * A sample from its four neighbours (ISO/IEC 14495-1 A.3 to A.6).
 * @param context -364 to 364: of the three gradients
 */
export function decodeRegular(
  state: CoderState,
  context: number,
  left: number,
  above: number,
  aboveLeft: number,
): number {
  const { sums, counts, biases, corrections, maxValue, limit, near } = state;
  const isNegative = context < 0;
  const index = isNegative ? -context : context;
  const corrected = predict(left, above, aboveLeft) + (isNegative ? -corrections[index]! : corrections[index]!);
  const predicted = corrected < 0 ? 0 : Math.min(corrected, maxValue);

  const parameter = golombParameter(state, counts[index]!, sums[index]!);
  const mapped = readMapped(state, parameter, limit);
  const isTurned = near === 0 && parameter === 0 && 2 * biases[index]! <= -counts[index]!;
  const error = unmap(mapped, isTurned);
  learn(state, index, error);
  return reconstruct(state, predicted, isNegative ? -error : error);
}

/** The edge detector of A.4.1. */
function predict(left: number, above: number, aboveLeft: number): number {
  const lower = Math.min(left, above);
  const higher = Math.max(left, above);
  if (aboveLeft >= higher) return lower;
  return aboveLeft <= lower ? higher : left + above - aboveLeft;
}

/** A.5.2: even numbers are errors from 0 up, odd ones from -1 down; turned around, odd ones are those from 0 up. */
function unmap(mapped: number, isTurned: boolean): number {
  const half = mapped >> 1;
  return ((mapped & 1) === 1) !== isTurned ? -half - 1 : half;
}

/** A.6. */
function learn({ sums, counts, biases, corrections, step, reset }: CoderState, index: number, error: number): void {
  let bias = biases[index]! + error * step;
  let count = counts[index]!;
  sums[index] = sums[index]! + Math.abs(error);
  if (count === reset) {
    sums[index] = sums[index] >> 1;
    bias >>= 1;
    count >>= 1;
  }
  count++;
  if (bias <= -count) {
    bias = Math.max(bias + count, 1 - count);
    if (corrections[index]! > -128) corrections[index] = corrections[index]! - 1;
  } else if (bias > 0) {
    bias = Math.min(bias - count, 0);
    if (corrections[index]! < 127) corrections[index] = corrections[index]! + 1;
  }
  biases[index] = bias;
  counts[index] = count;
}
