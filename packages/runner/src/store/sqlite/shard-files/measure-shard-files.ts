import { isCorruption } from "../store-errors.ts";
import type { ShardFileName, ShardFolder } from "./shard-folder.ts";

export interface ShardFileSizes {
  readonly files: number;
  /** On the disk, with logs. */
  readonly bytes: number;
}

/** Every file in the folder, whosever it is: what counts is the disk. */
export function measureShardFiles(folder: ShardFolder): ShardFileSizes {
  const files = folder.list();
  return { files: files.length, bytes: files.reduce((sum, name) => sum + folder.bytesOf(name), 0) };
}

/** Bytes that hold something: without free pages. Slices of one file. */
export function* measureUsedBytes(folder: ShardFolder): Generator<void, number> {
  let bytes = 0;
  for (const name of folder.list()) {
    bytes += Math.max(folder.bytesOf(name) - freeBytes(folder, name), 0);
    yield;
  }
  return bytes;
}

function freeBytes(folder: ShardFolder, name: ShardFileName): number {
  try {
    const connection = folder.open(name)?.connection;
    const read = (pragma: string): number => Number(connection?.pragma(pragma, { simple: true }) ?? 0);
    return read("freelist_count") * read("page_size");
  } catch (error) {
    if (isCorruption(error)) return 0;
    throw error;
  }
}
