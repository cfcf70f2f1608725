/** The losses of heads as they are trained. */
export interface LossRecord {
  readonly add: (step: LossOfStep) => void;
  /** Means over each epoch's examples. */
  readonly epochsOf: (head: number) => readonly number[];
  /** Whether all of a head's losses were finite. */
  readonly isFinite: (head: number) => boolean;
}

export interface LossOfStep {
  readonly head: number;
  readonly epoch: number;
  /** Mean over the batch. */
  readonly loss: number;
  /** Examples in the batch. */
  readonly count: number;
}

export function createLossRecord(): LossRecord {
  const sums = new Map<number, { sum: number; count: number }[]>();
  const epochsOf = (head: number): readonly number[] => (sums.get(head) ?? []).map(({ sum, count }) => sum / count);
  return {
    add({ head, epoch, loss, count }) {
      const epochs = sums.get(head) ?? [];
      sums.set(head, epochs);
      const entry = (epochs[epoch] ??= { sum: 0, count: 0 });
      entry.sum += loss * count;
      entry.count += count;
    },
    epochsOf,
    // An infinity or NaN stays in every sum that it enters.
    isFinite: (head) => epochsOf(head).every(Number.isFinite),
  };
}
