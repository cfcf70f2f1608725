import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { OpContext, SourceFile } from "../op-context.ts";
import { OpError } from "../op-error.ts";
import type { DecodedImage } from "../images/decoded-image.ts";
import type { DatasetReader } from "./dataset-reader.ts";
import { mapConcurrently } from "./map-concurrently.ts";

/** Files read at once: enough to hide a disk's latency, few enough to keep large images out of memory. */
const filesAtOnce = 8;

/**
 * SHA-256 (hex) of every file's bytes, in order. What the caller knows is not read again: if a file changed since, the answer is
 * thrown away by whoever compares it with what it was.
 * @throws OpError `file-missing` or `file-unreadable` naming the file
 */
export async function hashFiles(
  files: readonly SourceFile[],
  { signal, progress, sourceDigests }: Pick<OpContext, "signal" | "progress" | "sourceDigests">,
): Promise<readonly string[]> {
  const digestOf = async (file: SourceFile): Promise<string> =>
    sourceDigests?.get(file.name) ?? sha256(await readSourceFile(file));
  return mapConcurrently(files, digestOf, {
    limit: filesAtOnce,
    signal,
    progress,
  });
}

export interface FileImages {
  readonly decode: (bytes: Uint8Array, name: string) => Promise<DecodedImage>;
  /** An example's digest from its file's. */
  readonly digestOf: (fileDigest: string) => string;
}

/**
 * The reader of every data set whose images are files: an example's locator is the file's name relative to `root`.
 * It verifies nothing but that the file is still the one that was indexed.
 */
export function openFileImages(root: string, { decode, digestOf }: FileImages): DatasetReader {
  return {
    readImage: async (example) => {
      const bytes = await readSourceFile({ name: example.id, path: join(root, example.locator) });
      if (digestOf(sha256(bytes)) !== example.digest) throw changedImage(example.id);
      return decode(bytes, example.id);
    },
    close: () => Promise.resolve(),
  };
}

/**
 * The digest that the run was planned with.
 * @throws OpError `dataset-changed` where the file was not there then: the index would hold more than its question says
 */
export function plannedDigest(name: string, planned: ReadonlyMap<string, string>): string {
  const digest = planned.get(name);
  if (digest !== undefined) return digest;
  throw new OpError(
    "dataset-changed",
    `The file ${name} came into the data set after the run was planned.`,
    "Run again once all files are in place.",
  );
}

/** The error of every reader that finds other bytes than those that were indexed. */
export function changedImage(exampleId: string): OpError {
  return new OpError(
    "image-changed",
    `The image ${exampleId} is no longer the one that the data set's index was made from.`,
    "Run again without changing the data meanwhile; the index is then made anew.",
  );
}

export async function readSourceFile({ name, path }: SourceFile): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT")
      throw new OpError("file-missing", `The file ${name} does not exist.`, `Looked for it at ${path}.`);
    throw new OpError("file-unreadable", `The file ${name} cannot be read (${code}).`, `Check ${path}.`);
  }
}

/** The code of a file system's error, e.g. `EACCES`. */
export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
