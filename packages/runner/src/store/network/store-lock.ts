import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { writeFiles, type WriteWatch } from "../fail-points.ts";
import { isProcessGone, thisProcess } from "../process-identity.ts";
import { StoreError, type LeaseHolder } from "../store.ts";

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

interface LockEntry {
  readonly holder: LeaseHolder;
  readonly since: string;
}

/**
 * Takes the lock file of a store. It is made by an exclusive creation, which is one step on every network file system in use,
 * and its age is told by that file system's own clock: the machines' clocks need not agree. A lock whose process is gone, or
 * that was not renewed in time, is moved aside before it is taken, so that of several who find it only one does.
 * @throws StoreError `store-busy` where another process has it
 */
export function takeStoreLock(path: string, options: StoreLockOptions): StoreLock {
  const { watch, holder = thisProcess(), milliseconds = usualMilliseconds } = options;
  const text = `${JSON.stringify({ holder, since: new Date().toISOString() } satisfies LockEntry)}\n`;
  writeFiles("take lock", watch, () => {
    create({ path, text, holder, milliseconds });
  });
  let renewedAt = performance.now();
  const renew = (): void => {
    if (readLock(path)?.holder.id !== holder.id) throw lostLock(path);
    writeFiles("renew lock", watch, () => {
      writeFileSync(path, text, { flag: "r+" });
    });
    renewedAt = performance.now();
  };
  const timer = setInterval(() => {
    try {
      renew();
    } catch {
      // The next write tells of it.
    }
  }, milliseconds / 3).unref();
  return {
    require: () => {
      if (performance.now() - renewedAt > milliseconds / 2) renew();
    },
    release: () => {
      clearInterval(timer);
      if (readLock(path)?.holder.id !== holder.id) return;
      writeFiles("drop lock", watch, () => {
        rmSync(path, { force: true });
      });
    },
  };
}

interface Taking {
  readonly path: string;
  readonly text: string;
  readonly holder: LeaseHolder;
  readonly milliseconds: number;
}

/** So many processes may be faster, one after the other, before this one gives up. */
const tries = 10;

function create({ path, text, holder, milliseconds }: Taking): void {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    try {
      writeFileSync(path, text, { flag: "wx" });
      return;
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
    }
    const found = readLock(path);
    const age = ageOf(path, `${path}.${holder.id}.now`);
    if (age === null) continue;
    // A lock from the future was written before that clock was set back.
    const isStale = Math.abs(age) > milliseconds || (found !== null && isProcessGone(found.holder));
    if (!isStale) throw busyLock(path, found);
    moveAside(path, `${path}.${holder.id}.old`, found);
  }
  throw busyLock(path, readLock(path));
}

/** Takes a stale lock away, unless another process has put its own in its place meanwhile. */
function moveAside(path: string, aside: string, stale: LockEntry | null): void {
  try {
    renameSync(path, aside);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  if (readLock(aside)?.holder.id === stale?.holder.id) rmSync(aside, { force: true });
  else renameSync(aside, path);
}

/** Null where there is none, or none that can be read: who made it was killed while writing it. */
export function readLock(path: string): LockEntry | null {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as LockEntry;
  } catch (error) {
    if (error instanceof SyntaxError || codeOf(error) === "ENOENT") return null;
    throw error;
  }
}

/** Milliseconds since the file was last written, by the clock that dates files; null where it is not there. */
function ageOf(path: string, probe: string): number | null {
  const written = statSync(path, { throwIfNoEntry: false });
  if (written === undefined) return null;
  writeFileSync(probe, "");
  const now = statSync(probe).mtimeMs;
  rmSync(probe, { force: true });
  return now - written.mtimeMs;
}

function busyLock(path: string, found: LockEntry | null): StoreError {
  const by =
    found === null
      ? "another process"
      : `process ${String(found.holder.pid)} on ${found.holder.host}, since ${found.since}`;
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

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "";
}
