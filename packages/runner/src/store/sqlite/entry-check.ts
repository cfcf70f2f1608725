import { createHash, hash } from "node:crypto";
import { requireHash } from "../store-arguments.ts";

/**
 * The check (16 hex digits) that a stored entry carries over its own key and value, since SQLite's pages have no
 * checksum: the start of a SHA-256 over the table's name, the fields in a fixed order and, where an entry has them, bytes.
 * Kept as 8 bytes; statements convert with `unhex` and `hex`, since short blobs are slow to hand over.
 */
export function entryCheck(table: string, fields: readonly EntryField[], bytes?: Uint8Array): string {
  const text = `exp.entry.1\n${JSON.stringify([table, ...fields])}\n`;
  // Thousands of entries are checked at once: without bytes, the one-shot function takes half the time.
  const full =
    bytes === undefined ? hash("sha256", text) : createHash("sha256").update(text).update(bytes).digest("hex");
  return full.slice(0, 16);
}

/**
 * What an entry's fields may be. They come from a file that may be damaged, so that the types which the rows declare
 * hold only once the check is found equal.
 */
export type EntryField = string | number | null;

/** A hash as it is stored: 32 bytes. */
export function hashToBlob(hash: string): Buffer {
  requireHash(hash);
  return Buffer.from(hash, "hex");
}
