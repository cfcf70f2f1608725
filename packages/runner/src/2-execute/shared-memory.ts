import type { Allocate } from "./gather-inputs.ts";

/**
 * Shared memory for what several threads read at once. What has been read is used again for the next: Node gives shared
 * memory back late (thirty matrices of 200 MB, one after the other, came to hold 6 GB).
 */
export class SharedMemory {
  #free: SharedArrayBuffer | null = null;

  /** What `act` allocates is its own until it has ended. */
  async lend<Result>(act: (allocate: Allocate) => Promise<Result>): Promise<Result> {
    const lent: SharedArrayBuffer[] = [];
    const allocate: Allocate = (length) => {
      const buffer = this.#take(length * Float32Array.BYTES_PER_ELEMENT);
      lent.push(buffer);
      return new Float32Array(buffer, 0, length);
    };
    try {
      return await act(allocate);
    } finally {
      for (const buffer of lent) this.#keep(buffer);
    }
  }

  #take(bytes: number): SharedArrayBuffer {
    const free = this.#free;
    if (free !== null && free.byteLength >= bytes) {
      this.#free = null;
      return free;
    }
    // A power of two, so that slowly growing data do not leave one buffer after the other. What is not touched takes no memory.
    return new SharedArrayBuffer(2 ** Math.ceil(Math.log2(Math.max(bytes, 1))));
  }

  /** One at a time: the largest. */
  #keep(buffer: SharedArrayBuffer): void {
    if (buffer.byteLength > (this.#free?.byteLength ?? 0)) this.#free = buffer;
  }
}
