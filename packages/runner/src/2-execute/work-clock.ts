/** How a machine's cores are shared among what runs at once. */
export interface Load {
  /** Calls that use one core. */
  readonly singles: number;
  /** Calls that are spread over all the cores that they find: extractions and large fused calls. */
  readonly spreads: number;
  readonly cores: number;
}

/** How fast each call goes, as a share of its speed with the machine to itself. */
export interface Rates {
  readonly single: number;
  readonly spread: number;
}

/** The cores are taken to be shared out fairly; what single calls leave goes to those that are spread. */
export function ratesUnder({ singles, spreads, cores }: Load): Rates {
  const calls = singles + spreads;
  if (calls === 0) return { single: 1, spread: 1 };
  const fair = Math.min(1, cores / calls);
  const forSpreads = spreads === 0 ? 0 : Math.max(cores - singles, spreads * fair) / spreads;
  return { single: fair, spread: Math.min(1, forSpreads / cores) };
}

/** A call under way, and the seconds that it would have taken so far with the machine to itself. */
export interface ClockedCall {
  readonly isSpread: boolean;
  seconds: number;
}

/** Measures calls that share a machine, so that what is noted of them does not hang on what ran beside them. */
export class WorkClock {
  readonly #cores: number;
  readonly #sinceStart: () => number;
  readonly #calls = new Set<ClockedCall>();
  #lastMs = 0;

  /** @param sinceStart milliseconds since the run's start */
  constructor(cores: number, sinceStart: () => number) {
    this.#cores = cores;
    this.#sinceStart = sinceStart;
  }

  begin(isSpread: boolean): ClockedCall {
    this.#advance();
    const call = { isSpread, seconds: 0 };
    this.#calls.add(call);
    return call;
  }

  /** Seconds with the machine to itself. */
  end(call: ClockedCall): number {
    this.#advance();
    this.#calls.delete(call);
    return call.seconds;
  }

  #advance(): void {
    const now = this.#sinceStart();
    const spreads = [...this.#calls].filter(({ isSpread }) => isSpread).length;
    const rates = ratesUnder({ singles: this.#calls.size - spreads, spreads, cores: this.#cores });
    for (const call of this.#calls) {
      call.seconds += ((now - this.#lastMs) / 1000) * (call.isSpread ? rates.spread : rates.single);
    }
    this.#lastMs = now;
  }
}
