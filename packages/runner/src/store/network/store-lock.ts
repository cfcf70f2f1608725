import { closeSync, fsyncSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { writeFiles, type WriteWatch } from "../fail-points.ts";
import { isProcessGone, thisProcess } from "../process-identity.ts";
import { replaceFile } from "../replace-file.ts";
import { StoreError, type LeaseHolder } from "../store.ts";
import { withLockGuard } from "./lock-guard.ts";
import { lockEntryText, parseLockEntry, type LockEntry } from "./lock-holder.ts";

/** The right to write into a store on a network file system, which one process has at a time. */
export interface StoreLock {
  /** Asked before every write. @throws StoreError `store-busy` where the lock has passed to another process meanwhile */
  require(): void;
  release(): void;
}

export interface StoreLockOptions {
  readonly watch: WriteWatch;
  readonly holder?: LeaseHolder;
  /** For how long nobody else may take the lock after it was last renewed; it is renewed three times in that time. */
  readonly milliseconds?: number;
}

/** A process that was stopped for longer than this loses the lock, unless nobody wants it. */
const usualMilliseconds = 60_000;

/**
 * Takes the lock file of a store, or takes it over where its process is gone or did not renew it in time. All under a guard that one
 * process has at a time, so that of several who find a lock stale only one takes it. How old a lock is, is told by the file
 * system's own clock: the machines' clocks need not agree.
 * @throws StoreError `store-busy` where another process has it
 */
export function takeStoreLock(path: string, options: StoreLockOptions): StoreLock {
  const { watch, holder = thisProcess(), milliseconds = usualMilliseconds } = options;
  const text = `${JSON.stringify({ holder, since: new Date().toISOString() } satisfies LockEntry)}\n`;
  writeFiles("take lock", watch, () => {
    withLockGuard(path, watch, (now) => {
      const found = readLock(path);
      if (found !== null && isLive(found, now, milliseconds)) throw busyLock(path, found.entry);
      replaceFile(path, text, watch);
    });
  });
  // Kept open: once another process has put its own lock in this one's place, what is written here goes nowhere.
  const file = openSync(path, "r+");
  const timer = setInterval(() => {
    renew(file, text, watch);
  }, milliseconds / 3).unref();
  let isReleased = false;
  const isOurs = (): boolean => readLock(path)?.entry?.holder.id === holder.id;
  return {
    // Read every time: no clock of this process tells for how long its machine slept.
    require: () => {
      if (!isOurs()) throw lostLock(path);
    },
    release: () => {
      if (isReleased) return;
      isReleased = true;
      clearInterval(timer);
      closeSync(file);
      if (!isOurs()) return;
      writeFiles("drop lock", watch, () => {
        rmSync(path, { force: true });
      });
    },
  };
}

/** Whether a lock is there whose process is not known to have ended. */
export function isStoreLocked(path: string): boolean {
  const found = readLock(path);
  return found !== null && !(found.entry !== null && isProcessGone(found.entry.holder));
}

interface FoundLock {
  /** Null where it cannot be read. */
  readonly entry: LockEntry | null;
  /** When it was last written, by the clock that dates files, in milliseconds. */
  readonly writtenAt: number;
}

function readLock(path: string): FoundLock | null {
  try {
    return { entry: parseLockEntry(readFileSync(path, "utf8")), writtenAt: statSync(path).mtimeMs };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return null;
    // NFS says so of a file that was replaced while it was read: whoever replaced it has the lock.
    if (code === "ESTALE") return { entry: null, writtenAt: Date.now() };
    throw error;
  }
}

/** A lock from far in the future was written before the clock was set back, and counts as run out. */
function isLive({ entry, writtenAt }: FoundLock, now: number, milliseconds: number): boolean {
  if (entry !== null && isProcessGone(entry.holder)) return false;
  return Math.abs(now - writtenAt) <= milliseconds;
}

function renew(file: number, text: string, watch: WriteWatch): void {
  try {
    writeFiles("renew lock", watch, () => {
      writeSync(file, text, 0);
      fsyncSync(file);
    });
  } catch {
    // A lock that cannot be renewed runs out; whether it was lost is asked before every write.
  }
}

function busyLock(path: string, found: LockEntry | null): StoreError {
  const by = found === null ? "another process" : lockEntryText(found);
  return new StoreError(
    "store-busy",
    `The store lies on a network file system, where one run at a time may write, and it is in use by ${by} (${path}).`,
    "Wait for that run, stop it, or keep a store on a local disk with --store DIR. Where that process is gone, its lock runs out within a minute.",
  );
}

function lostLock(path: string): StoreError {
  return new StoreError(
    "store-busy",
    `This run was stopped for so long that another one has taken over the store (${path}).`,
    "Run again: what was stored until then is there.",
  );
}
