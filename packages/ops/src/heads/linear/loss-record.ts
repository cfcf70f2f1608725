/** The losses of heads as they are trained, from calls in their order. */
export interface LossRecord {
  readonly add: (call: LossOfCall) => void;
  readonly first: (head: number) => number;
  readonly last: (head: number) => number;
}

export interface LossOfCall {
  readonly head: number;
  /** Of the call's first batch before it, and of its last one after it. */
  readonly before: number;
  readonly after: number;
}

/** Keeps what does not depend on where calls end: the very first loss and the very last. */
export function createLossRecord(): LossRecord {
  const first = new Map<number, number>();
  const last = new Map<number, number>();
  return {
    add({ head, before, after }) {
      if (!first.has(head)) first.set(head, before);
      last.set(head, after);
    },
    first: (head) => first.get(head) ?? Number.NaN,
    last: (head) => last.get(head) ?? Number.NaN,
  };
}
