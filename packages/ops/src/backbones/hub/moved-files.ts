import type { Stats } from "node:fs";
import { link, open, rename, rm, stat, type FileHandle } from "node:fs/promises";

// What several processes do to the same names at once: each of these does one step, and says whether it was this process's.

/** Gives a file the other name unless that is taken, in which case the file is removed. */
export async function moveIfFree(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    if (codeOf(error) !== "EEXIST") return renameIfThere(from, to); // No hard links here.
    await rm(from, { force: true });
    return false;
  }
  await rm(from, { force: true });
  return true;
}

/** A second name for a file, or a new one where the system gives one alone; false where it is gone. */
export async function nameAlso(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    return codeOf(error) === "ENOENT" ? false : renameIfThere(from, to);
  }
}

/** False where there is no file. */
export async function renameIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}

/** An exclusive open for reading and writing; null where the file is there. */
export async function openNew(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, "wx+");
  } catch (error) {
    if (codeOf(error) === "EEXIST") return null;
    throw error;
  }
}

/** Null where there is no file. */
export async function openThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, "r+");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}

export async function statOf(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch {
    return null;
  }
}

export function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : null;
}
