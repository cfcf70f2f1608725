import { OpError } from "../../op-error.ts";
import type { Web } from "./web.ts";

/** A failure that another attempt may mend. */
export class TryAgain extends Error {
  readonly failure: OpError;
  /** How long the server asks to wait, in milliseconds; null where it says nothing. */
  readonly afterMilliseconds: number | null;

  constructor(failure: OpError, afterMilliseconds: number | null = null) {
    super(failure.message);
    this.failure = failure;
    this.afterMilliseconds = afterMilliseconds;
  }
}

export interface Attempts {
  /** Waits this long. It is `web.wait` unless something has to be kept alive meanwhile. */
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Whether so much was reached since the last failure that attempts are counted anew. */
  readonly hasAdvanced?: () => boolean;
}

/** Seconds between attempts, unless the server says otherwise. */
const waits = [1, 2, 4, 8, 16];
/** A server that asks for more is taken at its word: the failure is reported instead of sleeping for hours. */
const longestWait = 300_000;

/** Calls `attempt` up to 5 times more while it throws `TryAgain`. @throws OpError its failure after that, or `weights-cancelled` */
export async function tryAgain<T>(web: Web, attempts: Attempts, attempt: () => Promise<T>): Promise<T> {
  for (let count = 0; ; count += 1) {
    try {
      requireNotCancelled(web.signal);
      return await attempt();
    } catch (error) {
      if (!(error instanceof TryAgain)) throw error;
      if (attempts.hasAdvanced?.() === true) count = 0;
      const wait = error.afterMilliseconds ?? (waits[count] ?? 0) * 1000;
      if (count >= waits.length || wait > longestWait) throw error.failure;
      await waitOrCancel(web, attempts, wait);
    }
  }
}

async function waitOrCancel({ signal }: Web, { wait }: Attempts, milliseconds: number): Promise<void> {
  try {
    await wait(milliseconds);
  } catch (error) {
    requireNotCancelled(signal);
    throw error;
  }
}

/** @throws OpError `weights-cancelled` */
export function requireNotCancelled(signal: AbortSignal | null): void {
  if (signal?.aborted === true) {
    throw new OpError(
      "weights-cancelled",
      "Fetching the weights was cancelled.",
      "Run again: it goes on where it was.",
    );
  }
}

/**
 * How long an answer asks to wait, in milliseconds: `Retry-After` in seconds, or the hub's `RateLimit: "..";r=0;t=SECONDS`. The
 * form of `Retry-After` with a date is left alone: it needs a clock that agrees with the server's.
 */
export function waitOf(headers: Headers): number | null {
  const seconds =
    /^\s*(\d+)\s*$/.exec(headers.get("retry-after") ?? "")?.[1] ??
    /;\s*t=(\d+)/.exec(headers.get("ratelimit") ?? "")?.[1];
  return seconds === undefined ? null : Number(seconds) * 1000;
}
