import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Recipe } from "../../../hash/digests.ts";
import { writeFiles, type WriteWatch } from "../../fail-points.ts";
import { makeFolder } from "../../make-folder.ts";
import type { JournalMode } from "../connection.ts";
import { isOtherStoresFile, openShardFile, removeSidecars, type ShardFile } from "./shard-file.ts";

/** Names one file of shards: a recipe's nth, from 1. */
export interface ShardFileName {
  readonly recipe: Recipe;
  readonly number: number;
}

/** The folder of the files of shards, and those of them that are open: few, since each holds file handles and memory. */
export interface ShardFolder {
  readonly path: string;
  /** Null where the file is missing or not this store's. What is given is good until the next call. */
  open(name: ShardFileName): ShardFile | null;
  /** The same, but made where it is missing. Only for a caller that holds the main file's write lock. */
  openOrMake(name: ShardFileName): ShardFile | null;
  /** Removes a file with what belongs to it. Only for a caller that holds the main file's write lock. */
  unlink(name: ShardFileName): void;
  /** Whether a file is whole enough to say that it belongs to another store. */
  isOfOtherStore(name: ShardFileName): boolean;
  /** Files by their names, whosever they are; sorted. */
  list(): readonly ShardFileName[];
  /** Bytes of a file on the disk, with its log. */
  bytesOf(name: ShardFileName): number;
  close(): void;
}

export interface ShardFolderOptions {
  /** Names the store that the files belong to; asked for when there is one to open. */
  readonly identity: () => string;
  readonly journal: JournalMode;
  readonly isWritable: boolean;
  readonly watch: WriteWatch;
}

/** Files that are open at a time. Each is over the budget of the main file, so that few stores have more. */
const mostOpen = 16;

interface OpenFile {
  readonly file: ShardFile;
  readonly inode: bigint;
}

export function openShardFolder(
  path: string,
  { identity, journal, isWritable, watch }: ShardFolderOptions,
): ShardFolder {
  /** The longest unused first. */
  const files = new Map<string, OpenFile>();

  const forget = (key: string): void => {
    files.get(key)?.file.close();
    files.delete(key);
  };

  const makeFile = (openIt: () => ShardFile | null): ShardFile | null =>
    writeFiles("make shard file", watch, () => {
      makeFolder(path);
      return openIt();
    });

  const open = ({ recipe, number }: ShardFileName, makes: boolean): ShardFile | null => {
    const key = fileName({ recipe, number });
    const target = join(path, key);
    const inode = inodeOf(target);
    const known = files.get(key);
    // Another process may have removed the file, and made it anew: what is written into the old one would be lost.
    if (known?.inode === inode) {
      files.delete(key);
      files.set(key, known);
      return known.file;
    }
    forget(key);
    if (inode === null && !makes) return null;
    const openIt = (): ShardFile | null =>
      openShardFile(target, { store: identity(), recipe }, { journal, isWritable, makes, watch });
    const file = makes && inode === null ? makeFile(openIt) : openIt();
    if (file === null) return null;
    // Taken before the opening, so that a file which was replaced meanwhile is opened again.
    files.set(key, { file, inode: inode ?? inodeOf(target) ?? 0n });
    for (const [oldest] of files) {
      if (files.size <= mostOpen) break;
      forget(oldest);
    }
    return file;
  };

  return {
    path,
    open: (name) => open(name, false),
    openOrMake: (name) => open(name, true),
    unlink: (name) => {
      forget(fileName(name));
      const target = join(path, fileName(name));
      writeFiles("remove shard file", watch, () => {
        // The log last: a file without its log is not what it was, a log without its file is nothing.
        rmSync(target, { force: true });
        removeSidecars(target);
      });
    },
    isOfOtherStore: (name) => isOtherStoresFile(join(path, fileName(name)), identity()),
    list: () => listFiles(path),
    bytesOf: (name) => {
      const target = join(path, fileName(name));
      return [target, `${target}-wal`].reduce(
        (sum, part) => sum + (statSync(part, { throwIfNoEntry: false })?.size ?? 0),
        0,
      );
    },
    close: () => {
      for (const key of [...files.keys()]) forget(key);
    },
  };
}

function fileName({ recipe, number }: ShardFileName): string {
  return number === 1 ? `${recipe}.sqlite` : `${recipe}.${String(number)}.sqlite`;
}

/** By what belongs to a file too: a log that lost its file is listed by the name that the file had. */
function listFiles(path: string): readonly ShardFileName[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  const names = new Set(readdirSync(path).map((name) => name.replace(/-(?:wal|shm|journal)$/, "")));
  return [...names].sort().flatMap((name) => {
    const [, recipe, number = "1"] = /^([0-9a-f]{64})(?:\.([1-9]\d{0,8}))?\.sqlite$/.exec(name) ?? [];
    return recipe === undefined ? [] : [{ recipe: recipe as Recipe, number: Number(number) }];
  });
}

/** Null where there is no file, nor anything else. */
function inodeOf(path: string): bigint | null {
  return statSync(path, { throwIfNoEntry: false, bigint: true })?.ino ?? null;
}
