import { createReadStream } from "node:fs";
import { join } from "node:path";
import { beginsAsPicture, startLength } from "../formats/read-image-file.ts";
import { OpError } from "../op-error.ts";
import { errorCode } from "./file-images.ts";
import { placeIn } from "./folder-entries.ts";
import { mapConcurrently } from "./map-concurrently.ts";

/** Files whose names do not say what they are. */
export interface UnnamedFiles {
  /** Those that are images by their first bytes, in the order of the names. */
  readonly unnamed: readonly string[];
  /** Of those that cannot be read. */
  readonly problems: readonly OpError[];
}

/** Files looked into at once. */
const filesAtOnce = 16;

/** @param folder relative to the root */
export async function findUnnamedImages(root: string, folder: string, names: readonly string[]): Promise<UnnamedFiles> {
  const look = async (name: string): Promise<boolean | OpError> => {
    const path = join(root, folder, name);
    return readStart(path).then(beginsAsPicture, (error: unknown) => unreadable(placeIn(folder, name), path, error));
  };
  const found = await mapConcurrently(names, look, { limit: filesAtOnce });
  return {
    unnamed: names.filter((_, index) => found[index] === true),
    problems: found.filter((result) => result instanceof OpError),
  };
}

async function readStart(path: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of createReadStream(path, { end: startLength - 1, highWaterMark: startLength })) {
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks);
}

function unreadable(name: string, path: string, error: unknown): OpError {
  return new OpError("file-unreadable", `The file ${name} cannot be read (${errorCode(error)}).`, `Check ${path}.`);
}
