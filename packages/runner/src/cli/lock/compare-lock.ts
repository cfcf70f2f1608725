import type { FoundFile } from "./found-files.ts";
import type { FileLock, LockedFile } from "./file-lock.ts";

/** What lies here beside what is locked. */
export interface LockComparison {
  /** Files whose bytes are not those that are locked for them. */
  readonly changed: readonly ChangedFile[];
  /** Files that the lock does not know. */
  readonly unknown: readonly FoundFile[];
  /** Entries that no file of the program answers to any more. */
  readonly gone: readonly LockedFile[];
}

export interface ChangedFile extends FoundFile {
  /** More than one where several declarations of the same words were locked. */
  readonly locked: readonly [LockedFile, ...LockedFile[]];
}

/** A file is told by its declaration, its parameter and what is written there; its bytes by size and digest. */
export function compareLock(found: readonly FoundFile[], { files }: FileLock): LockComparison {
  const locked = new Map<string, [LockedFile, ...LockedFile[]]>();
  for (const file of files) {
    const known = locked.get(keyOf(file));
    if (known === undefined) locked.set(keyOf(file), [file]);
    else known.push(file);
  }
  const unknown = found.filter(({ file }) => !locked.has(keyOf(file)));
  const changed = found.flatMap((each) => {
    const known = locked.get(keyOf(each.file));
    return known === undefined || known.some(({ sha256 }) => sha256 === each.file.sha256)
      ? []
      : [{ ...each, locked: known }];
  });
  const changedKeys = new Set(changed.map(({ file }) => keyOf(file)));
  const present = new Set(found.map(({ file }) => `${keyOf(file)}${file.sha256}`));
  const gone = files.filter((file) => !changedKeys.has(keyOf(file)) && !present.has(`${keyOf(file)}${file.sha256}`));
  return { changed, unknown, gone };
}

function keyOf({ declaration, parameter, written, count }: LockedFile): string {
  return JSON.stringify([declaration, parameter, written, count !== undefined]);
}
