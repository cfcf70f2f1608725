import {
  StoreError,
  type ClaimedWork,
  type LeaseHolder,
  type LeaseNumber,
  type Store,
  type WorkClaim,
  type WorkKey,
} from "../store/store.ts";
import { isProcessGone, thisProcess } from "../store/process-identity.ts";

export interface LeaseOptions {
  readonly holder: LeaseHolder;
  /** For how long a lease is given. It is renewed three times in that time. */
  readonly milliseconds: number;
  readonly now: () => number;
  readonly isGone: (holder: LeaseHolder) => boolean;
}

/** A process that was stopped for longer than this loses its leases: others do its work. */
const usualMilliseconds = 60_000;

/**
 * The leases of one run: what it is computing, so that no other run on the same store computes it too. Kept alive by a timer; they
 * run out by themselves where the process is killed.
 */
export class TaskLeases {
  readonly #store: Store;
  readonly #options: LeaseOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #held = new Set<LeaseNumber>();

  constructor(store: Store, options: Partial<LeaseOptions> = {}) {
    this.#store = store;
    this.#options = {
      holder: thisProcess(),
      milliseconds: usualMilliseconds,
      now: Date.now,
      isGone: isProcessGone,
      ...options,
    };
    this.#timer = setInterval(() => {
      this.#renew();
    }, this.#options.milliseconds / 3).unref();
  }

  claim(keys: readonly WorkKey[]): ReadonlyMap<WorkKey, ClaimedWork> {
    const claimed = this.#store.claimWork(this.#claimOf(keys));
    for (const work of claimed.values()) if (work.state === "ours") this.#held.add(work.lease);
    return claimed;
  }

  /** Those that another run is computing. */
  findHeld(keys: readonly WorkKey[]): ReadonlySet<WorkKey> {
    return this.#store.findHeldWork(this.#claimOf(keys));
  }

  /** An answer was saved under it, and ended it. */
  forget(lease: LeaseNumber): void {
    this.#held.delete(lease);
  }

  /** Where the store cannot be written any more, they run out by themselves. */
  release(leases: readonly LeaseNumber[]): void {
    const own = leases.filter((lease) => this.#held.delete(lease));
    try {
      this.#store.releaseWork(own);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
  }

  /** Ends them all. */
  close(): void {
    clearInterval(this.#timer);
    this.release([...this.#held]);
  }

  #claimOf(keys: readonly WorkKey[]): WorkClaim {
    const { holder, milliseconds, now, isGone } = this.#options;
    return { keys, holder, milliseconds, now: now(), isGone };
  }

  #renew(): void {
    if (this.#held.size === 0) return;
    const { holder, milliseconds, now } = this.#options;
    try {
      this.#store.renewLeases(holder, now() + milliseconds);
    } catch (error) {
      // A store that cannot be written now is told of by the next answer.
      if (!(error instanceof StoreError)) throw error;
    }
  }
}
