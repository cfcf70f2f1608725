import Database from "better-sqlite3";
import { StoreError } from "../store.ts";

/** What SQLite or the file system reported about the store's file, as an error that says what to do; other errors as they are. */
export function toStoreError(error: unknown, path: string): unknown {
  if (error instanceof Database.SqliteError) return describe(error.code, error.message, path) ?? error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return fileSystemCodes.has(code) ? describe(code, (error as Error).message, path) : error;
}

/** True for the errors that mean that SQLite met pages that it cannot have written. */
export function isCorruption(error: unknown): boolean {
  return (
    error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|CONSTRAINT|NOTADB|FORMAT|MISMATCH)/.test(error.code)
  );
}

export function isSqliteError(error: unknown): boolean {
  return error instanceof Database.SqliteError;
}

export function damagedStore(path: string, detail: string): StoreError {
  return new StoreError(
    "store-damaged",
    `The store ${path} is damaged: ${detail}.`,
    `Move ${path} and its -wal and -shm files away, then run again: everything in it can be computed anew.`,
  );
}

const fileSystemCodes = new Set([
  "ENOSPC",
  "EDQUOT",
  "EACCES",
  "EPERM",
  "EROFS",
  "ENOTDIR",
  "EEXIST",
  "EISDIR",
  "ENOENT",
  "EIO",
]);

function describe(code: string, detail: string, path: string): StoreError | null {
  if (/^(SQLITE_FULL|ENOSPC|EDQUOT)/.test(code)) {
    return new StoreError(
      "store-full",
      `There is no space left for the store ${path}.`,
      "Free some space, or keep the store elsewhere with --store DIR, then run again: what is stored stays valid.",
    );
  }
  if (/^SQLITE_(BUSY|LOCKED|PROTOCOL)/.test(code)) {
    return new StoreError(
      "store-busy",
      `Another process keeps the store ${path} locked (${code}).`,
      "Let the other run come to its end, or stop it, then run again.",
    );
  }
  if (
    /^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)/.test(code) ||
    /^E(ACCES|PERM|ROFS|NOTDIR|EXIST|ISDIR)$|^ENOENT$/.test(code)
  ) {
    return new StoreError(
      "store-unwritable",
      `The store ${path} cannot be opened for writing: ${detail}.`,
      "Check that its folder exists, is a folder and may be written by you, or name another one with --store DIR.",
    );
  }
  if (/^(SQLITE_IOERR|SQLITE_NOLFS|EIO$)/.test(code)) {
    return new StoreError(
      "store-unwritable",
      `The store ${path} cannot be read or written: ${detail} (${code}).`,
      "Check the disk and its free space; on a network disk, keep the store on a local one with --store DIR.",
    );
  }
  if (code === "SQLITE_NOTADB") return foreignStore(path, "it is not an SQLite database, or its first page is damaged");
  // Every statement is constant and every value is checked before it is written: what is left means damaged pages.
  return /^SQLITE_(?!NOMEM|TOOBIG|MISUSE|INTERRUPT)/.test(code) ? damagedStore(path, detail) : null;
}

export function foreignStore(path: string, detail: string): StoreError {
  return new StoreError(
    "store-foreign",
    `The file ${path} is not a store of this program: ${detail}.`,
    "Move the file away, or name another folder with --store DIR.",
  );
}
