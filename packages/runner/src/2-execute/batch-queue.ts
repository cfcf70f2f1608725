import type { Example } from "@exp-lab/ops";

/** Some of the examples, one after the other. */
export interface Batch {
  /** The number of the first. */
  readonly start: number;
  readonly examples: readonly Example[];
}

/** Examples in batches. A row has the same bits in any batch, so that batches may become smaller on the way. */
export class BatchQueue {
  readonly #examples: readonly Example[];
  #next = 0;
  #size: number;
  /** Parts of batches that were too large, which go first. */
  #again: Batch[] = [];

  constructor(examples: readonly Example[], size: number) {
    this.#examples = examples;
    this.#size = size;
  }

  /** How many examples the next batches have at most. */
  get size(): number {
    return this.#size;
  }

  get isEmpty(): boolean {
    return this.#again.length === 0 && this.#next >= this.#examples.length;
  }

  /** Null where all have been handed out. */
  next(): Batch | null {
    const waiting = this.#again.shift();
    if (waiting === undefined) {
      const start = this.#next;
      this.#next = Math.min(this.#examples.length, start + this.#size);
      return start === this.#next ? null : this.#cut(start, this.#next);
    }
    if (waiting.examples.length <= this.#size) return waiting;
    const middle = waiting.start + this.#size;
    this.#again.unshift(this.#cut(middle, waiting.start + waiting.examples.length));
    return this.#cut(waiting.start, middle);
  }

  /** A batch was too large: it comes again in smaller ones, and so do all others. False where it cannot be any smaller. */
  halve(batch: Batch): boolean {
    if (batch.examples.length < 2) return false;
    this.#size = Math.min(this.#size, Math.ceil(batch.examples.length / 2));
    this.#again.push(batch);
    return true;
  }

  #cut(start: number, end: number): Batch {
    return { start, examples: this.#examples.slice(start, end) };
  }
}
