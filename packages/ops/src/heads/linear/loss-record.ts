import type { CallLosses } from "./block-training.ts";
import type { BlockLayout, HeadBlock } from "./head-blocks.ts";

/** The losses of heads where their training begins and where it ends. NaN until they are known. */
export class LossRecord {
  readonly #outputs: number;
  readonly #first = new Map<number, number>();
  readonly #last = new Map<number, number>();

  constructor({ outputs }: Pick<BlockLayout, "outputs">) {
    this.#outputs = outputs;
  }

  add({ heads, firstHead }: HeadBlock, { before, after }: CallLosses): void {
    heads.forEach((_, place) => {
      if (before !== null) this.#first.set(firstHead + place, this.#lossOf(before, place));
      if (after !== null) this.#last.set(firstHead + place, this.#lossOf(after, place));
    });
  }

  first(head: number): number {
    return this.#first.get(head) ?? Number.NaN;
  }

  last(head: number): number {
    return this.#last.get(head) ?? Number.NaN;
  }

  /** A head's loss is the sum over its columns. */
  #lossOf(columns: Float32Array, place: number): number {
    const own = columns.subarray(place * this.#outputs, (place + 1) * this.#outputs);
    return own.reduce((sum, loss) => sum + loss, 0);
  }
}
