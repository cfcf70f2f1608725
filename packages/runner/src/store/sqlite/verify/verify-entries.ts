import { readPages, type PagedTable } from "../pages.ts";
import type { TableContext } from "../table-context.ts";
import type { VerifyRecord } from "./verify-record.ts";

/** A table whose entries are small and carry their own check. */
export interface EntryTable<Row> extends PagedTable<Row> {
  readonly name: string;
  readonly isIntact: (row: Row) => boolean;
  /** Inside a transaction: takes the entry out of the way of its successor. */
  readonly drop: (row: Row) => void;
}

/** Compares every entry of a table with its check, a page at a time. */
export function* verifyEntries<Row>(table: EntryTable<Row>, context: TableContext, record: VerifyRecord): Generator {
  for (const rows of readPages(table)) {
    for (const row of rows) {
      if (table.isIntact(row)) continue;
      record.damage(table.name);
      context.noteDamage(() => {
        table.drop(row);
      });
    }
    record.check(table.name, rows.length);
    yield;
  }
}

/** How many small entries are read at a time. */
export const entriesPerPage = 200;
