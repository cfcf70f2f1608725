import { rmSync, statSync } from "node:fs";
import Database from "better-sqlite3";
import type { Recipe } from "../../../hash/digests.ts";
import type { JournalMode } from "../connection.ts";
import { writeFiles, type WriteWatch } from "../../fail-points.ts";
import { isCorruption } from "../store-errors.ts";

/** An SQLite file with the bytes of one recipe's shards, and nothing that says what they are: the index in the main file does. */
export interface ShardFile {
  /** Null where they are not there. @throws SqliteError where the file's pages lead astray */
  read(shard: number): unknown;
  /** Commits at once. Bytes under that number that the index never came to know are replaced. */
  write(shard: number, bytes: Uint8Array): void;
  remove(shard: number): void;
  /** Numbers of shards after one, in order. */
  listAfter(shard: number, limit: number): readonly number[];
  /** The highest number; 0 where there is none. */
  lastShard(): number;
  readonly connection: Database.Database;
  close(): void;
}

/** Whose file it is: of another store, or of another recipe, it is as good as absent. */
export interface ShardFileOwner {
  /** Names the store; see `storeIdentity`. */
  readonly store: string;
  readonly recipe: Recipe;
}

export interface ShardFileMode {
  readonly journal: JournalMode;
  /** False: only read, and never made. */
  readonly isWritable: boolean;
  /** Makes the file where it is missing. Only for a caller that holds the main file's write lock. */
  readonly makes: boolean;
  readonly watch: WriteWatch;
}

/** "EXPS": what tells a file of shards from any other SQLite file. */
const applicationId = 0x45585053;

/**
 * Opens a file of shards. Null where it is missing, or not one of this store and recipe, or too damaged to say so.
 * @throws SqliteError where the file is there but cannot be opened, or there is no space for it
 */
export function openShardFile(path: string, owner: ShardFileOwner, mode: ShardFileMode): ShardFile | null {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile() === false) return null;
  // Killed while it was made, it is empty.
  const isThere = (found?.size ?? 0) > 0;
  if (!isThere && !mode.makes) return null;
  // What a removal that was killed left of an older file must not be taken for the new one's.
  if (!isThere) removeSidecars(path);
  const connection = new Database(path, { fileMustExist: isThere, readonly: !mode.isWritable, timeout: busyTimeoutMs });
  try {
    if (!isThere) createTables(connection, owner);
    const found = readOwner(connection);
    if (found?.store === owner.store && found.recipe === owner.recipe) {
      configure(connection, mode);
      return operationsOf(connection, mode.watch);
    }
    connection.close();
    return null;
  } catch (error) {
    connection.close();
    if (isCorruption(error)) return null;
    throw error;
  }
}

/** Whether a file says of itself, readably, that it belongs to another store. */
export function isOtherStoresFile(path: string, store: string): boolean {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
  const connection = new Database(path, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs });
  try {
    const owner = readOwner(connection);
    return owner !== null && owner.store !== store;
  } catch (error) {
    if (isCorruption(error)) return false;
    throw error;
  } finally {
    connection.close();
  }
}

export function removeSidecars(path: string): void {
  for (const end of ["-wal", "-shm", "-journal"]) rmSync(`${path}${end}`, { force: true });
}

const busyTimeoutMs = 20_000;

/** The format is the main file's: see `openConnection`. One transaction, so that a kill leaves an empty file, which is none. */
function createTables(connection: Database.Database, { store, recipe }: ShardFileOwner): void {
  connection.pragma("page_size = 16384");
  connection.pragma("auto_vacuum = INCREMENTAL");
  connection
    .transaction(() => {
      connection.exec("create table owner (store text not null, recipe text not null) strict");
      connection.exec("create table shard_rows (shard integer primary key, bytes blob not null) strict");
      connection.prepare("insert into owner values (?, ?)").run(store, recipe);
      connection.pragma(`application_id = ${String(applicationId)}`);
      connection.pragma("user_version = 1");
    })
    .immediate();
}

function readOwner(connection: Database.Database): ShardFileOwner | null {
  const read = (pragma: string): unknown => connection.pragma(pragma, { simple: true });
  if (read("application_id") !== applicationId || read("user_version") !== 1) return null;
  return connection.prepare<[], ShardFileOwner>("select store, recipe from owner").get() ?? null;
}

function configure(connection: Database.Database, { journal, isWritable }: ShardFileMode): void {
  if (isWritable) {
    connection.pragma(`journal_mode = ${journal}`);
    // Bytes are on the disk before the index names them, even where the machine loses power.
    connection.pragma("synchronous = FULL");
    connection.pragma("journal_size_limit = 67108864");
  }
  connection.pragma("trusted_schema = OFF");
  connection.pragma("cell_size_check = ON");
  connection.pragma("mmap_size = 0");
  // Many of these may be open: 8 MB each.
  connection.pragma("cache_size = -8192");
}

function operationsOf(connection: Database.Database, watch: WriteWatch): ShardFile {
  const select = connection.prepare<[number]>("select bytes from shard_rows where shard = ?").pluck();
  const replace = connection.prepare("insert or replace into shard_rows (shard, bytes) values (?, ?)");
  const remove = connection.prepare<[number]>("delete from shard_rows where shard = ?");
  const list = connection
    .prepare<[number, number], number>("select shard from shard_rows where shard > ? order by shard limit ?")
    .pluck();
  const last = connection.prepare<[], number>("select coalesce(max(shard), 0) from shard_rows").pluck();
  return {
    read: (shard) => select.get(shard) ?? null,
    write: (shard, bytes) => {
      writeFiles("write shard", watch, () => replace.run(shard, bytes));
    },
    remove: (shard) => {
      writeFiles("remove shard", watch, () => remove.run(shard));
    },
    listAfter: (shard, limit) => list.all(shard, limit),
    lastShard: () => last.get() ?? 0,
    connection,
    close: () => {
      connection.close();
    },
  };
}
