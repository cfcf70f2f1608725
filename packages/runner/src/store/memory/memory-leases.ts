import type { ClaimedWork, LeaseNumber, Store, WorkKey } from "../store.ts";
import { isLive, type Lease } from "../lease-rules.ts";

/** Leases of work. */
export interface MemoryLeases {
  readonly operations: Pick<Store, "claimWork" | "findHeldWork" | "renewLeases" | "releaseWork">;
  /** Ends a lease. False where it is no longer held. */
  end(key: WorkKey, lease: LeaseNumber): boolean;
}

export function createMemoryLeases(): MemoryLeases {
  const leases = new Map<WorkKey, Lease & { readonly number: LeaseNumber }>();
  let last = 0;
  return {
    operations: {
      claimWork: (claim) =>
        new Map(
          claim.keys.map((key): [WorkKey, ClaimedWork] => {
            const lease = leases.get(key);
            if (lease !== undefined && lease.holder.id !== claim.holder.id && isLive(lease, claim)) {
              return [key, { state: "held", by: lease.holder }];
            }
            last += 1;
            leases.set(key, { holder: claim.holder, expiresAt: claim.now + claim.milliseconds, number: last });
            return [key, { state: "ours", lease: last }];
          }),
        ),
      findHeldWork: (claim) =>
        new Set(
          claim.keys.filter((key) => {
            const lease = leases.get(key);
            return lease !== undefined && lease.holder.id !== claim.holder.id && isLive(lease, claim);
          }),
        ),
      renewLeases: ({ id }, until) => {
        for (const [key, lease] of leases) if (lease.holder.id === id) leases.set(key, { ...lease, expiresAt: until });
      },
      releaseWork: (numbers) => {
        for (const [key, { number }] of leases) if (numbers.includes(number)) leases.delete(key);
      },
    },
    end: (key, lease) => leases.get(key)?.number === lease && leases.delete(key),
  };
}
