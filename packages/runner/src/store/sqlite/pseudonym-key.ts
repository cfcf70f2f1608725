import type { TableContext } from "./table-context.ts";
import { entryCheck } from "./entry-check.ts";
import { damagedStore } from "./store-errors.ts";

/**
 * The key that was made with the store. A lost one is never made anew: data sets read before and after would no longer
 * agree on who is the same patient.
 * @throws StoreError `store-damaged` where it does not verify
 */
export function readPseudonymKey(context: TableContext, path: string): Uint8Array {
  const row = context.connection
    .prepare<[], { readonly value: unknown; readonly entry_check: string }>(
      "select value, lower(hex(entry_check)) as entry_check from secret where name = 'pseudonym key'",
    )
    .get();
  if (Buffer.isBuffer(row?.value) && row.entry_check === entryCheck("secret", ["pseudonym key"], row.value)) {
    return new Uint8Array(row.value);
  }
  throw damagedStore(path, "the key that hides patient identifiers cannot be read");
}
