import { existsSync, readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { unwatched, writeFiles, type WriteWatch } from "../fail-points.ts";
import { fileSystemOf, type FileSystem } from "../network/file-system.ts";
import { isStoreLocked, takeStoreLock } from "../network/store-lock.ts";
import { makeFolder } from "../make-folder.ts";
import { replaceFile } from "../replace-file.ts";
import type { Store } from "../store.ts";
import { openConnection, openReadOnly, type Connection } from "./connection.ts";
import { createSqliteStore, type SqliteStoreOptions } from "./sqlite-store.ts";
import { toStoreError } from "./store-errors.ts";

export interface OpenStoreOptions {
  /** Hears of every write; see `failPoints`. */
  readonly watch?: WriteWatch;
  /** Bytes of one recipe's shards that the main file takes; 8 GB where it is not said. */
  readonly shardBudget?: number;
  /** What the folder lies on; told by the system where it is not said. */
  readonly fileSystem?: FileSystem;
  /** For how long, on a network file system, nobody else may write after this process was last heard of; a minute. */
  readonly lockMilliseconds?: number;
  /** True for who only reads: on a network file system, that needs no lock. */
  readonly isReader?: boolean;
}

/**
 * Opens the store in a folder (`.exp`), which is made where it is missing. A folder that is the store's own gets a
 * `.gitignore`, so that nobody commits it; one that held something already keeps what git sees of it. Several processes may
 * have it open at once; on a network file system one may write, and any number read.
 * @throws StoreError
 */
export function openStore(folder: string, options: OpenStoreOptions = {}): Store {
  const { watch = unwatched, isReader = false } = options;
  prepareFolder(folder, watch);
  const path = join(folder, "store.sqlite");
  // A folder that is local here may be another machine's by network: whoever holds its lock is believed.
  const { isNetwork } =
    options.fileSystem ?? (isStoreLocked(lockOf(folder)) ? { isNetwork: true } : fileSystemOf(folder));
  if (!isNetwork) return openOn(openConnection(path, undefined, { watch }), path, options);
  const reading = isReader ? openReadOnly(path) : null;
  if (reading !== null) return openOn(reading, path, { ...options, journal: "delete", isReadOnly: true });
  return openLocked(folder, path, { ...options, watch });
}

/**
 * SQLite's write-ahead log needs memory that all processes share, which machines have not: there it is a rollback journal, and,
 * as the locks of such file systems are not to be relied on, a lock of our own.
 */
function openLocked(folder: string, path: string, options: OpenStoreOptions & { readonly watch: WriteWatch }): Store {
  const { watch, lockMilliseconds } = options;
  const lock = takeStoreLock(lockOf(folder), {
    watch,
    ...(lockMilliseconds === undefined ? {} : { milliseconds: lockMilliseconds }),
  });
  const requireOwnership = (): void => {
    lock.require();
  };
  try {
    const connection = openConnection(path, undefined, { journal: "delete", watch });
    const store = openOn(connection, path, { ...options, journal: "delete", requireOwnership });
    return {
      ...store,
      close: () => {
        store.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function lockOf(folder: string): string {
  return join(folder, "store.lock");
}

function openOn(connection: Connection, path: string, options: SqliteStoreOptions): Store {
  try {
    return createSqliteStore(connection, path, options);
  } catch (error) {
    connection.close();
    throw toStoreError(error, path);
  }
}

function prepareFolder(folder: string, watch: WriteWatch): void {
  try {
    writeFiles("make folder", watch, () => {
      makeFolder(resolve(folder));
    });
    // Whoever made the folder may have been killed before its file was whole.
    const isNew = readdirSync(folder).every((name) => name.startsWith("..gitignore."));
    if (!isNew && basename(resolve(folder)) !== ".exp") return;
    const ignoreFile = join(folder, ".gitignore");
    if (!existsSync(ignoreFile)) replaceFile(ignoreFile, "*\n", watch);
  } catch (error) {
    throw toStoreError(error, folder);
  }
}
