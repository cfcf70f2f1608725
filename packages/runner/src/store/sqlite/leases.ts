import type { ClaimedWork, LeaseHolder, LeaseNumber, Store, WorkClaim, WorkKey } from "../store.ts";
import { isLive } from "../lease-rules.ts";
import { hashToBlob } from "./entry-check.ts";
import type { TableContext } from "./table-context.ts";

/**
 * Leases of work. They carry no check: a lease that was damaged costs at worst that something is computed twice, for an answer
 * is found again by its own question.
 */
export interface LeaseTable extends Pick<Store, "claimWork" | "findHeldWork" | "renewLeases" | "releaseWork"> {
  /** Inside the caller's transaction: ends the lease. False where it is no longer held. */
  end(key: WorkKey, lease: LeaseNumber): boolean;
}

export function openLeases(context: TableContext): LeaseTable {
  const { connection } = context;
  const select = connection.prepare<[Buffer], LeaseRow>(
    "select number, holder, host, pid, process_start, expires_at from lease where work_key = ?",
  );
  const insert = connection.prepare(
    "insert into lease (work_key, holder, host, pid, process_start, expires_at) values (?, ?, ?, ?, ?, ?)",
  );
  const removeKey = connection.prepare("delete from lease where work_key = ?");
  const removeNumber = connection.prepare("delete from lease where number = ?");
  const removeBoth = connection.prepare("delete from lease where work_key = ? and number = ?");
  const extend = connection.prepare("update lease set expires_at = ? where holder = ?");

  const claimOne = (key: WorkKey, claim: WorkClaim): ClaimedWork => {
    const { holder, now, milliseconds } = claim;
    const row = select.get(hashToBlob(key));
    if (row !== undefined && row.holder !== holder.id) {
      const lease = leaseOf(row);
      if (isLive(lease, claim)) return { state: "held", by: lease.holder };
    }
    removeKey.run(hashToBlob(key));
    const { id, host, pid, processStart } = holder;
    const { lastInsertRowid } = insert.run(hashToBlob(key), id, host, pid, processStart, now + milliseconds);
    return { state: "ours", lease: Number(lastInsertRowid) };
  };

  return {
    claimWork: (claim) => {
      const claimed = new Map<WorkKey, ClaimedWork>();
      context.write("claim work", () => {
        for (const key of claim.keys) claimed.set(key, claimOne(key, claim));
      });
      return claimed;
    },
    findHeldWork: (claim) => {
      const held = new Set<WorkKey>();
      context.read(() => {
        for (const key of claim.keys) {
          const row = select.get(hashToBlob(key));
          if (row !== undefined && row.holder !== claim.holder.id && isLive(leaseOf(row), claim)) held.add(key);
        }
      });
      return held;
    },
    renewLeases: ({ id }, until) => {
      context.write("renew leases", () => extend.run(until, id));
    },
    releaseWork: (leases) => {
      if (leases.length === 0) return;
      context.write("release work", () => {
        for (const lease of leases) removeNumber.run(lease);
      });
    },
    end: (key, lease) => removeBoth.run(hashToBlob(key), lease).changes === 1,
  };
}

interface LeaseRow {
  readonly number: number;
  readonly holder: string;
  readonly host: string;
  readonly pid: number;
  readonly process_start: string | null;
  readonly expires_at: number;
}

function leaseOf(row: LeaseRow): { readonly holder: LeaseHolder; readonly expiresAt: number } {
  const { holder: id, host, pid, process_start: processStart, expires_at: expiresAt } = row;
  return { holder: { id, host, pid, processStart }, expiresAt };
}
