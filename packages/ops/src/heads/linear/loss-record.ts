/** The losses of heads as they are trained, from calls in their order. */
export interface LossRecord {
  readonly add: (call: LossOfCall) => void;
  readonly first: (head: number) => number;
  readonly last: (head: number) => number;
  /** Whether all of a head's losses were finite. */
  readonly isFinite: (head: number) => boolean;
}

export interface LossOfCall {
  readonly head: number;
  /** Of the call's first batch before it, and of its last one after it. */
  readonly before: number;
  readonly after: number;
}

export function createLossRecord(): LossRecord {
  const losses = new Map<number, number[]>();
  const lossesOf = (head: number): readonly number[] => losses.get(head) ?? [];
  return {
    add({ head, before, after }) {
      const known = losses.get(head) ?? [];
      losses.set(head, known);
      known.push(before, after);
    },
    first: (head) => lossesOf(head)[0] ?? Number.NaN,
    last: (head) => lossesOf(head).at(-1) ?? Number.NaN,
    isFinite: (head) => lossesOf(head).every(Number.isFinite),
  };
}
