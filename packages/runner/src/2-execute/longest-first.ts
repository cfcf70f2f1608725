/** Positions by the length of what remains behind them, the longest first; of equal ones the first of the plan. */
export class LongestFirst {
  readonly #paths: Float64Array;
  /** A binary heap. */
  readonly #heap: number[] = [];

  constructor(paths: Float64Array) {
    this.#paths = paths;
  }

  /** The first, which stays; undefined where there is none. */
  peek(): number | undefined {
    return this.#heap[0];
  }

  push(position: number): void {
    const heap = this.#heap;
    let place = heap.push(position) - 1;
    while (place > 0) {
      const parent = (place - 1) >>> 1;
      if (!this.#isBefore(position, heap[parent]!)) break;
      heap[place] = heap[parent]!;
      place = parent;
    }
    heap[place] = position;
  }

  pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.#isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (!this.#isBefore(heap[child]!, last)) break;
      heap[place] = heap[child]!;
      place = child;
    }
    heap[place] = last;
  }

  #isBefore(a: number, b: number): boolean {
    const [pathOfA, pathOfB] = [this.#paths[a] ?? 0, this.#paths[b] ?? 0];
    return pathOfA === pathOfB ? a < b : pathOfA > pathOfB;
  }
}
