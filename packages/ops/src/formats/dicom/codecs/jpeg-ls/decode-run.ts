import { readBits } from "./bit-reader.ts";
import { contexts, golombParameter, readMapped, reconstruct, type CoderState } from "./coder-state.ts";

/** How many bits say the length of a run, by how well runs went so far (ISO/IEC 14495-1 A.2.1, J). */
const lengthBits = [
  ...[0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3],
  ...[4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15],
] as const;

/** How well runs went so far: 0 to 31. */
export interface RunIndex {
  value: number;
}

/** A.7.1: how many samples on the current one are like the one before. Up to `most`, the rest of the line. */
export function readRunLength({ reader }: CoderState, index: RunIndex, most: number): number {
  let length = 0;
  while (readBits(reader, 1) === 1) {
    const whole = 1 << lengthBits[index.value]!;
    length += whole;
    if (length <= most && index.value < 31) index.value++;
    if (length >= most) return most;
  }
  length += readBits(reader, lengthBits[index.value]!);
  if (length < most) return length;
  // A run that is interrupted ends within its line.
  reader.isExhausted = true;
  return most;
}

/** A.7.2: the sample that ends a run. @param isAlone of several components together, only the second kind of context is used */
export function decodeInterruption(
  state: CoderState,
  index: RunIndex,
  left: number,
  above: number,
  isAlone: boolean,
): number {
  const isNear = isAlone && Math.abs(left - above) <= state.near;
  const error = readInterruptionError(state, index, isNear);
  if (isNear) return reconstruct(state, left, error);
  return reconstruct(state, above, left > above ? -error : error);
}

/** Runs after this one are taken to be shorter. */
export function shortenRuns(index: RunIndex): void {
  if (index.value > 0) index.value--;
}

function readInterruptionError(state: CoderState, index: RunIndex, isNear: boolean): number {
  const { sums, counts, negatives, reset, limit } = state;
  const context = isNear ? contexts.interruptedNear : contexts.interruptedAway;
  const offset = isNear ? 1 : 0;
  const count = counts[context]!;
  const parameter = golombParameter(state, count, sums[context]! + (isNear ? count >> 1 : 0));
  const mapped = readMapped(state, parameter, limit - lengthBits[index.value]! - 1);

  const isOdd = ((mapped + offset) & 1) === 1;
  const size = (mapped + offset + 1) >> 1;
  const isUsual = parameter !== 0 || 2 * negatives[context]! >= count;
  const error = isUsual === isOdd ? -size : size;

  if (error < 0) negatives[context] = negatives[context]! + 1;
  sums[context] = sums[context]! + ((mapped + 1 - offset) >> 1);
  if (count === reset) {
    sums[context] = sums[context] >> 1;
    counts[context] = count >> 1;
    negatives[context] = negatives[context]! >> 1;
  }
  counts[context] = counts[context]! + 1;
  return error;
}
