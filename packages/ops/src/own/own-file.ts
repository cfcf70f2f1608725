import { basename, extname } from "node:path";
import type { NamedArray } from "../arrays/decode-npy.ts";
import { OpError } from "../op-error.ts";
import { openNpz } from "./npz-file.ts";
import { openParquet } from "./parquet-file.ts";
import { openSafetensors } from "./safetensors-file.ts";

/** An opened file of named arrays (npz, safetensors) or columns (Parquet). */
export interface OwnFile {
  /** How messages call it. */
  readonly file: string;
  /** Of its arrays, in its own order. */
  readonly names: readonly string[];
  /** @throws OpError where the array is damaged or of a type that is not read */
  load(name: string): Promise<NamedArray>;
  close(): Promise<void>;
}

/**
 * Opens a user's own file by its extension.
 * @throws OpError `own-file-format` (another extension), `own-file-damaged`, and those of zip archives
 */
export async function openOwnFile(path: string): Promise<OwnFile> {
  const file = basename(path);
  const open = formats[extname(file).toLowerCase()];
  if (open === undefined) {
    const known = Object.keys(formats).join(", ");
    throw new OpError("own-file-format", `${file} is of no known format: its name should end in ${known}.`);
  }
  return keepLoaded(await open(path, file));
}

/** One line per format. */
const formats: Readonly<Record<string, (path: string, file: string) => Promise<OwnFile>>> = {
  ".npz": openNpz,
  ".safetensors": openSafetensors,
  ".parquet": openParquet,
};

/** No array is read twice: it is looked at before it is chosen. */
function keepLoaded(own: OwnFile): OwnFile {
  const loaded = new Map<string, Promise<NamedArray>>();
  return {
    ...own,
    load: (name) => {
      const array = loaded.get(name) ?? own.load(name);
      loaded.set(name, array);
      return array;
    },
  };
}

/** @throws OpError `own-array-unknown`, which names the arrays that there are */
export function requireArrays({ file, names }: OwnFile, wanted: readonly string[]): void {
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length === 0) return;
  throw new OpError(
    "own-array-unknown",
    `${file} has no array ${unknown.join(", ")}; it holds ${listNames(names)}.`,
    "Name an array that it holds, or save the file again.",
  );
}

const namesShown = 20;

/** A table of a thousand columns is not listed whole. */
export function listNames(names: readonly string[]): string {
  if (names.length === 0) return "nothing";
  const rest = names.length - namesShown;
  const shown = names.slice(0, namesShown).join(", ");
  return rest > 0 ? `${shown} and ${String(rest)} more` : shown;
}
