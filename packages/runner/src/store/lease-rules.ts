import type { LeaseHolder, WorkClaim } from "./store.ts";

export interface Lease {
  readonly holder: LeaseHolder;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/**
 * Whether a lease keeps others from the work. One that ends far later than any lease is given for was written by a clock that has
 * been set back since, and counts as run out.
 */
export function isLive({ holder, expiresAt }: Lease, claim: WorkClaim): boolean {
  const left = expiresAt - claim.now;
  return left > 0 && left <= 2 * claim.milliseconds && !claim.isGone(holder);
}
