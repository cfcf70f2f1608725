import { randomBytes } from "node:crypto";
import { open, rename, rm, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { moveIfFree, nameAlso, openNew, openThere, statOf } from "./moved-files.ts";
import { forgetOwner, isOwnerGone, noteOwner } from "./partial-owner.ts";

/** A download on its way. Nobody else writes to it while it is held, and if someone does, they write the same bytes. */
export interface PartialFile {
  readonly path: string;
  readonly handle: FileHandle;
  /** What was there when it was taken. */
  readonly bytes: number;
}

/*
 * Two processes, maybe on two machines, must not spoil each other; a job array may even start fifty at once. Node has no flock,
 * and on the file systems of clusters it often does nothing (huggingface_hub has given up relying on it). Here the partial file
 * itself is the lock:
 *
 * - It is made by an exclusive open. Who finds it there waits while it changes, and takes it over once it has not for a while,
 *   was given back, or its process is known to be gone.
 * - All write at explicit places, so that two who hold it nevertheless (one of them was stopped for minutes) write the same.
 * - It gets its final name, by a rename, only after all of it was read again and its digest is right.
 *
 * Its name is none that huggingface_hub writes to: versions before 2 append to ETAG.incomplete, later ones take ETAG.XXXXXXXX.incomplete
 * with a random middle. An ETAG.incomplete that was left is gone on with.
 */

export function partialPath(target: string): string {
  return `${target}.exp.incomplete`;
}

/** Unchanged for so many seconds, a partial file counts as left: an honest writer is seen at least every 80 s (`receive`, `tryAgain`). */
const quietSeconds = 120;

/**
 * Takes the partial file of a target, with what it holds; null where another process is at it.
 * @throws what the system says (a folder that cannot be written, a full disk)
 */
export async function takePartial(target: string): Promise<PartialFile | null> {
  const path = partialPath(target);
  await adopt(`${target}.incomplete`, path);
  const fresh = await openNew(path);
  if (fresh !== null) {
    await noteOwner(path);
    return { path, handle: fresh, bytes: 0 };
  }
  return (await isLeft(path)) ? claim(path) : null;
}

/** Takes over what was left; null where another process does so at this moment. */
async function claim(path: string): Promise<PartialFile | null> {
  const claimPath = `${path}.claim`;
  const lock = await openNew(claimPath);
  if (lock === null) {
    // It is held for an instant, unless its process was killed within that.
    if (await isQuiet(claimPath)) await rm(claimPath, { force: true });
    return null;
  }
  try {
    // Another one may have claimed it between the look and the lock.
    if (!(await isLeft(path))) return null;
    const handle = await openThere(path);
    if (handle === null) return null;
    await touch(handle);
    await noteOwner(path);
    return { path, handle, bytes: (await handle.stat()).size };
  } finally {
    await lock.close();
    await rm(claimPath, { force: true });
  }
}

/** Ends writing that did not come to its end. What is kept can be taken at once, by its time of change in 1970. */
export async function giveBack({ path, handle }: PartialFile, keep: boolean): Promise<void> {
  const { size, ino } = await handle.stat();
  if ((await statOf(path))?.ino !== ino) return;
  await forgetOwner(path);
  if (keep && size > 0) await handle.utimes(0, 0);
  else await rm(path, { force: true });
}

/**
 * Gives the finished file its name; false where another process has removed it meanwhile. It first gets a name that nobody else knows
 * and is looked at there, so that what gets the final name is what was verified and not what another has begun in its place; the
 * partial name goes last, so that nobody finds neither and begins anew.
 */
export async function finishPartial({ path, handle }: PartialFile, target: string): Promise<boolean> {
  // After a loss of power a name without its bytes would be half a file.
  await handle.sync();
  const { ino } = await handle.stat();
  const mine = `${target}.${randomBytes(4).toString("hex")}.exp.incomplete`;
  if (!(await nameAlso(path, mine))) return false;
  const isVerified = (await statOf(mine))?.ino === ino;
  if (isVerified) await rename(mine, target);
  // Where there are no hard links, it was moved away; and a rename over another name of the same file does nothing.
  else if ((await statOf(path)) === null) await moveIfFree(mine, path);
  await rm(mine, { force: true });
  const left = await statOf(path);
  if (isVerified && (left === null || left.ino === ino)) {
    await forgetOwner(path);
    await rm(path, { force: true });
  }
  return isVerified;
}

/** Shows that the file is held, while nothing comes: its last byte is written again, so that the file system's own clock counts. */
export async function touch(handle: FileHandle): Promise<void> {
  const { size } = await handle.stat();
  if (size === 0) {
    await handle.truncate(0);
    return;
  }
  const last = Buffer.alloc(1);
  await handle.read(last, 0, 1, size - 1);
  await handle.write(last, 0, 1, size - 1);
}

/** How many bytes another process has; 0 where there is none at it. */
export async function bytesOfOther(target: string): Promise<number> {
  return (await statOf(partialPath(target)))?.size ?? 0;
}

async function adopt(left: string, path: string): Promise<void> {
  if ((await statOf(path)) !== null || (await statOf(left)) === null) return;
  if (await isQuiet(left)) await moveIfFree(left, path);
}

async function isLeft(path: string): Promise<boolean> {
  return (await isOwnerGone(path)) || isQuiet(path);
}

async function isQuiet(path: string): Promise<boolean> {
  const changed = (await statOf(path))?.mtimeMs;
  if (changed === undefined) return false;
  return (await fileSystemTime(dirname(path))) - changed > quietSeconds * 1000;
}

/** By a file that is made for it: the clocks of a machine and of its file server may differ by minutes. */
async function fileSystemTime(folder: string): Promise<number> {
  const path = join(folder, `.${randomBytes(8).toString("hex")}.exp.tmp`);
  const handle = await open(path, "wx");
  try {
    await handle.write("0");
    return (await handle.stat()).mtimeMs;
  } finally {
    await handle.close();
    await rm(path, { force: true });
  }
}
