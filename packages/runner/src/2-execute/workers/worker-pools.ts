import type { CallHooks } from "../executor.ts";
import { Conversation, type ConversationOptions } from "./conversation.ts";

/** Workers that calls may be given to; none starts before its first request. */
export type WorkerPool = readonly Conversation[];

/** How many workers there are at most: for all calls, and for one that is kept apart. */
export interface PoolSizes {
  readonly shared: number;
  readonly apart: number;
}

/** Owns the workers of an executor: those that all calls share, and those of calls that are kept apart. */
export class WorkerPools {
  readonly shared: WorkerPool;
  readonly #apart = new Set<WorkerPool>();
  readonly #options: ConversationOptions;
  readonly #sizes: PoolSizes;

  constructor(options: ConversationOptions, sizes: PoolSizes) {
    this.#options = options;
    this.#sizes = sizes;
    this.shared = this.#make(sizes.shared);
  }

  /** The workers for a call; to be given back once it has ended. */
  take({ isRetry = false }: CallHooks): WorkerPool {
    if (!isRetry) return this.shared;
    const pool = this.#make(this.#sizes.apart);
    this.#apart.add(pool);
    return pool;
  }

  async giveBack(pool: WorkerPool): Promise<void> {
    if (this.#apart.delete(pool)) await endAll(pool);
  }

  async end(): Promise<void> {
    await Promise.all([this.shared, ...this.#apart].map(endAll));
  }

  #make(size: number): WorkerPool {
    return Array.from({ length: size }, () => new Conversation(this.#options));
  }
}

async function endAll(pool: WorkerPool): Promise<void> {
  await Promise.all(pool.map((conversation) => conversation.end()));
}
