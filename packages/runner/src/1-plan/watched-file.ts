import type { BigIntStats } from "node:fs";
import { stat } from "node:fs/promises";
import type { FileStat } from "../store/store.ts";

/** A file whose digest is part of a question, and its stat when it was hashed. */
export interface WatchedFile {
  readonly path: string;
  readonly stat: FileStat;
}

/** The first of the files that is not as it was when it was hashed; null where all are. */
export async function findChangedFile(files: readonly WatchedFile[]): Promise<string | null> {
  for (const file of files) {
    const now = await stat(file.path, { bigint: true }).then(toFileStat, () => null);
    if (now === null || !isSameStat(now, file.stat)) return file.path;
  }
  return null;
}

export function toFileStat(found: BigIntStats): FileStat {
  return { device: found.dev, inode: found.ino, size: found.size, mtimeNs: found.mtimeNs, ctimeNs: found.ctimeNs };
}

function isSameStat(a: FileStat, b: FileStat): boolean {
  return (
    a.device === b.device &&
    a.inode === b.inode &&
    a.size === b.size &&
    a.mtimeNs === b.mtimeNs &&
    a.ctimeNs === b.ctimeNs
  );
}
