import { closeSync, fsyncSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { writeFiles, type WriteWatch } from "../fail-points.ts";
import { isProcessGone, thisProcess } from "../process-identity.ts";
import { StoreError } from "../store.ts";
import { parseLockEntry } from "./lock-holder.ts";

/**
 * Does what must not happen twice at once about a lock, under a second file, `store.lock.guard`, which only one process can make
 * and which stays for milliseconds. `work` is handed the file server's time, as the new file has it.
 * @throws StoreError `store-busy` where others come before all the time
 */
export function withLockGuard(lock: string, watch: WriteWatch, work: (serverTime: number) => void): void {
  const path = `${lock}.guard`;
  const file = openGuard(path, watch);
  try {
    work(statSync(path).mtimeMs);
  } finally {
    closeSync(file);
    removeGuard(path, watch);
  }
}

function removeGuard(path: string, watch: WriteWatch): void {
  writeFiles("close guard", watch, () => {
    rmSync(path, { force: true });
  });
}

const pauseMs = 50;

/** A guard that stays the same for so long was left by a process that was killed, on a machine that cannot be asked. */
const patienceMs = 3_000;

const mostTries = 600;

function openGuard(path: string, watch: WriteWatch): number {
  let seen = { mark: "", since: 0 };
  for (let tries = 0; tries < mostTries; tries++) {
    const file = tryOpen(path, watch);
    if (file !== null) return file;
    const mark = markOf(path);
    if (mark !== seen.mark) seen = { mark, since: performance.now() };
    if (isLeft(path) || performance.now() - seen.since > patienceMs) removeGuard(path, watch);
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
  }
  throw new StoreError("store-busy", `Too many processes want the store's lock at once (${path}).`, "Run again.");
}

function tryOpen(path: string, watch: WriteWatch): number | null {
  try {
    return writeFiles("open guard", watch, () => {
      const file = openSync(path, "wx");
      writeSync(file, JSON.stringify({ holder: thisProcess(), since: new Date().toISOString() }));
      fsyncSync(file);
      return file;
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return null;
    throw error;
  }
}

/** Tells one guard from the next. */
function markOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? "" : `${String(found.ino)} ${String(found.mtimeMs)}`;
}

/** True where the guard names a process of this machine that has ended. */
function isLeft(path: string): boolean {
  try {
    const entry = parseLockEntry(readFileSync(path, "utf8"));
    return entry !== null && isProcessGone(entry.holder);
  } catch {
    return false;
  }
}
