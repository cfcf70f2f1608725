import Database from "better-sqlite3";
import { unwatched, writeFiles, type WriteWatch } from "../fail-points.ts";
import { StoreError } from "../store.ts";
import { migrations } from "./migrations.ts";
import { foreignStore, toStoreError } from "./store-errors.ts";

/** An open SQLite database whose schema is the newest one. */
export type Connection = Database.Database;

/** "EXP1": what tells a store from any other SQLite file. */
const applicationId = 0x45585031;

/** How long a call waits for another process's transaction. Transactions last milliseconds, a full disk's flush longer. */
const defaultBusyTimeoutMs = 20_000;

/**
 * How a file is kept whole: by a write-ahead log, which needs memory that all processes share, and so one machine; or by a rollback
 * journal, which holds on any file system.
 */
export type JournalMode = "wal" | "delete";

export interface ConnectionOptions {
  readonly journal?: JournalMode;
  readonly watch?: WriteWatch;
}

/**
 * Opens or creates the file and brings its schema up to date. A file that is another program's is left as it is.
 * @throws StoreError where the file cannot be opened, is another program's, is newer than this build, or is damaged
 */
export function openConnection(
  path: string,
  busyTimeoutMs: number = defaultBusyTimeoutMs,
  { journal = "wal", watch = unwatched }: ConnectionOptions = {},
): Connection {
  const connection = openFile(path, { timeout: busyTimeoutMs });
  try {
    writeFiles("set up store file", watch, () => {
      if (readState(connection, path) === "new") fixFileFormat(connection);
      enterJournalMode(connection, journal, { path, busyTimeoutMs });
    });
    connection.pragma(`synchronous = ${journal === "wal" ? "NORMAL" : "FULL"}`);
    connection.pragma("foreign_keys = ON");
    connection.pragma("journal_size_limit = 67108864");
    configureReading(connection);
    migrate(connection, path, watch);
    return connection;
  } catch (error) {
    connection.close();
    throw toStoreError(error, path);
  }
}

/**
 * Opens a file that is there and of the newest schema, to read it alone; null where it first has to be made ready by a
 * connection that may write: its schema is older, it has a write-ahead log, or a journal is to be rolled back.
 * @throws StoreError as `openConnection`
 */
export function openReadOnly(path: string): Connection | null {
  const connection = openFile(path, { timeout: defaultBusyTimeoutMs, readonly: true, fileMustExist: true });
  try {
    const isReady =
      connection.pragma("journal_mode", { simple: true }) === "delete" &&
      readState(connection, path) === "ours" &&
      readNumber(connection, "user_version") === migrations.length;
    if (isReady) {
      configureReading(connection);
      return connection;
    }
    connection.close();
    return null;
  } catch (error) {
    connection.close();
    // A journal that was left behind, or a log, cannot be played back without writing.
    if (error instanceof Database.SqliteError && /^SQLITE_(READONLY|CANTOPEN)/.test(error.code)) return null;
    throw toStoreError(error, path);
  }
}

function configureReading(connection: Connection): void {
  connection.pragma("trusted_schema = OFF");
  connection.pragma("cell_size_check = ON");
  connection.pragma("cache_size = -65536");
  connection.pragma("mmap_size = 0");
}

function openFile(path: string, options: Database.Options): Connection {
  try {
    return new Database(path, options);
  } catch (error) {
    throw toStoreError(error, path);
  }
}

/** What can never be changed once the file has its first table. Pages of 16 KiB suit blobs of megabytes. */
function fixFileFormat(connection: Connection): void {
  connection.pragma("page_size = 16384");
  connection.pragma("auto_vacuum = INCREMENTAL");
}

function readState(connection: Connection, path: string): "new" | "ours" {
  const id = readNumber(connection, "application_id");
  const version = readNumber(connection, "user_version");
  if (id === applicationId && version >= 1) {
    if (version <= migrations.length) return "ours";
    throw new StoreError(
      "store-newer",
      `The store ${path} was written by a newer version of this program (schema ${String(version)}; this one knows ${String(migrations.length)}).`,
      "Update the program, or name another folder with --store DIR.",
    );
  }
  const tables = connection.prepare<[], number>("select count(*) from sqlite_schema").pluck().get();
  if (id === 0 && version === 0 && tables === 0) return "new";
  throw foreignStore(path, `its application id is ${String(id)} where ${String(applicationId)} is expected`);
}

/** The switch takes an exclusive lock without waiting for it, so that the waiting is done here. */
function enterJournalMode(
  connection: Connection,
  journal: JournalMode,
  { path, busyTimeoutMs }: { readonly path: string; readonly busyTimeoutMs: number },
): void {
  const deadline = performance.now() + busyTimeoutMs;
  for (;;) {
    try {
      const mode = connection.pragma(`journal_mode = ${journal}`, { simple: true });
      if (mode === journal) return;
      throw new StoreError(
        "store-unwritable",
        `The store ${path} cannot keep its journal where it is (mode ${String(mode)} instead of ${journal}).`,
        "Keep the store on a local disk with --store DIR.",
      );
    } catch (error) {
      const isBusy = error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY");
      if (!isBusy || performance.now() >= deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

/** Several processes may arrive here at once: the version is read again once the write lock is held. */
function migrate(connection: Connection, path: string, watch: WriteWatch): void {
  if (readNumber(connection, "user_version") === migrations.length) return;
  watch("before raise the schema");
  connection
    .transaction(() => {
      if (readState(connection, path) === "ours" && readNumber(connection, "user_version") === migrations.length)
        return;
      const version = readNumber(connection, "user_version");
      for (const migration of migrations.slice(version)) migration(connection);
      connection.pragma(`application_id = ${String(applicationId)}`);
      connection.pragma(`user_version = ${String(migrations.length)}`);
      watch("in raise the schema");
    })
    .immediate();
  watch("after raise the schema");
}

function readNumber(connection: Connection, pragma: string): number {
  return Number(connection.pragma(pragma, { simple: true }));
}
