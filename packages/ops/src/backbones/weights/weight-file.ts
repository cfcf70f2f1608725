import { open, type FileHandle } from "node:fs/promises";
import { basename } from "node:path";
import { OpError } from "../../op-error.ts";
import { damagedWeights, unreadableWeights } from "./weights-errors.ts";

/** An opened file of weights. */
export interface WeightFile {
  /** Absolute. */
  readonly path: string;
  /** The file's own name, for messages. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /**
   * `length` bytes from `offset`, which may lie beyond 4 GB.
   * @throws OpError `weights-damaged` where the file ends before, `weights-unreadable`
   */
  read(offset: number, length: number): Promise<Buffer>;
}

/**
 * Opens a file for as long as `use` takes.
 * @param path absolute
 * @throws OpError `file-missing`, `weights-unreadable`, and what `use` throws
 */
export async function withWeightFile<T>(path: string, use: (file: WeightFile) => Promise<T>): Promise<T> {
  const name = basename(path);
  const handle = await open(path, "r").catch((error: unknown) => {
    throw errorCode(error) === "ENOENT" ? missingFile(path) : refusedFile(name, path, error);
  });
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw unreadableWeights(name, "it is not a file", `Name a file of weights inside ${path}.`);
    const { size } = stats;
    return await use({
      path,
      name,
      size,
      read: (offset, length) => readFully(handle, { path, name, size }, offset, length),
    });
  } finally {
    await handle.close();
  }
}

async function readFully(
  handle: FileHandle,
  { path, name, size }: Omit<WeightFile, "read">,
  offset: number,
  length: number,
): Promise<Buffer> {
  if (offset + length > size) throw damagedWeights(name, `it ends after ${size} bytes, before what it says it holds`);
  const bytes = allocateBytes(name, length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle
      .read(bytes, filled, Math.min(length - filled, largestRead), offset + filled)
      .catch((error: unknown) => {
        throw refusedFile(name, path, error);
      });
    if (bytesRead === 0) throw damagedWeights(name, "it became shorter while it was read");
    filled += bytesRead;
  }
  return bytes;
}

/** One read call of the operating system gives less than 2 GB. */
const largestRead = 2 ** 30;

/**
 * Bytes of zeros in memory.
 * @throws OpError `weights-unreadable` where this machine, or Node (4 GB at once), has not that many
 */
export function allocateBytes(file: string, length: number): Buffer {
  try {
    return Buffer.alloc(length);
  } catch {
    const hint = "Save the weights as safetensors, which are used in place, in parts of less than 4 GB each.";
    throw unreadableWeights(file, `${length} bytes at once do not fit into memory`, hint);
  }
}

function missingFile(path: string): OpError {
  return new OpError("file-missing", `There is no file ${path}.`, "Check the path; weights are never fetched unasked.");
}

function refusedFile(name: string, path: string, error: unknown): OpError {
  return unreadableWeights(name, errorCode(error), `Check that ${path} may be read.`);
}

function errorCode(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : null;
  return typeof code === "string" ? code : String(error);
}
