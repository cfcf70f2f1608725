import { unwatched, type WriteWatch, type Transaction } from "../fail-points.ts";
import type { Connection } from "./connection.ts";
import { StoreError } from "../store.ts";
import { isSqliteError } from "./store-errors.ts";

/** What the table groups share: one connection, its transactions, and the count of damaged entries. */
export interface TableContext {
  readonly connection: Connection;
  /** One short transaction that holds the write lock from its start; rolled back where `work` throws. */
  write(name: Transaction, work: () => void): void;
  /** Many reads of one snapshot, at the price of one lock. */
  read(work: () => void): void;
  /**
   * Counts an entry that did not verify and takes it out of the way of its successor. Where that fails (no write lock, a
   * page too damaged) the entry merely stays absent: it is never trusted either way.
   */
  noteDamage(remove: () => void): void;
  readonly damaged: () => number;
  /** Hears of every write; see `failPoints`. */
  readonly watch: WriteWatch;
}

export interface ContextOptions {
  readonly watch?: WriteWatch;
  /** Asked before every transaction that writes. @throws StoreError where this process may not write any more */
  readonly requireOwnership?: () => void;
}

export function createTableContext(
  connection: Connection,
  { watch = unwatched, requireOwnership }: ContextOptions = {},
): TableContext {
  const transaction = connection.transaction((work: () => void) => {
    work();
  });
  let damaged = 0;
  const write = (name: Transaction, work: () => void): void => {
    requireOwnership?.();
    watch(`before ${name}`);
    transaction.immediate(() => {
      work();
      watch(`in ${name}`);
    });
    watch(`after ${name}`);
  };
  return {
    connection,
    write,
    read: (work) => {
      transaction.deferred(work);
    },
    noteDamage: (remove) => {
      damaged += 1;
      try {
        write("drop damage", remove);
      } catch (error) {
        if (!isSqliteError(error) && !(error instanceof StoreError)) throw error;
      }
    },
    damaged: () => damaged,
    watch,
  };
}
