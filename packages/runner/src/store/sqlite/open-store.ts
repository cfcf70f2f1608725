import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { unwatched, writeFiles, type WriteWatch } from "../fail-points.ts";
import { replaceFile } from "../replace-file.ts";
import type { Store } from "../store.ts";
import { openConnection } from "./connection.ts";
import { createSqliteStore } from "./sqlite-store.ts";
import { toStoreError } from "./store-errors.ts";

export interface OpenStoreOptions {
  /** Hears of every write; see `failPoints`. */
  readonly watch?: WriteWatch;
  /** Bytes of one recipe's shards that the main file takes; 8 GB where it is not said. */
  readonly shardBudget?: number;
}

/**
 * Opens the store in a folder (`.exp`), which is made where it is missing. A folder that is the store's own gets a
 * `.gitignore`, so that nobody commits it; one that held something already keeps what git sees of it. Several processes may
 * have it open at once.
 * @throws StoreError
 */
export function openStore(folder: string, options: OpenStoreOptions = {}): Store {
  const { watch = unwatched } = options;
  prepareFolder(folder, watch);
  const path = join(folder, "store.sqlite");
  const connection = openConnection(path, undefined, { watch });
  try {
    return createSqliteStore(connection, path, options);
  } catch (error) {
    connection.close();
    throw toStoreError(error, path);
  }
}

function prepareFolder(folder: string, watch: WriteWatch): void {
  try {
    writeFiles("make folder", watch, () => mkdirSync(folder, { recursive: true }));
    // Whoever made the folder may have been killed before its file was whole.
    const isNew = readdirSync(folder).every((name) => name.startsWith("..gitignore."));
    if (!isNew && basename(resolve(folder)) !== ".exp") return;
    const ignoreFile = join(folder, ".gitignore");
    if (!existsSync(ignoreFile)) replaceFile(ignoreFile, "*\n", watch);
  } catch (error) {
    throw toStoreError(error, folder);
  }
}
