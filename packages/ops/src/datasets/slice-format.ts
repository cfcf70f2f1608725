import type { DecodedImage } from "../images/decoded-image.ts";
import { windowTag, type Window } from "../images/window/window.ts";
import { createHash } from "node:crypto";

/** How files that hold several images are read: one format with a data set's parameters. */
export interface SliceFormat {
  /** Names what is made of a slice, and changes with it. */
  readonly tag: string;
  readonly window: Window;
  /** Whether a file is to be read, by its relative name. */
  readonly isFile: (name: string) => boolean;
  /** Files opened at once where all of them are: few where they are large. */
  readonly filesAtOnce: number;
  /** True where nobody said whose a file is, and each is taken for a patient: no split may be drawn by that. */
  readonly guessesPatients?: boolean;
  /** @throws OpError naming the file, but nothing of what its header says */
  readonly open: (bytes: Uint8Array, name: string, pseudonym: (identifier: string) => string) => Promise<SliceFile>;
}

/** A file, opened. */
export interface SliceFile {
  /** Those that the data set has of it, in order. */
  readonly slices: readonly Slice[];
  readonly facts: SliceFacts;
  /** What cannot be known of it, as a table says it of all such files: `DOUBT: 3 files.` */
  readonly doubt?: string;
  /** About how many bytes are held while it is open. */
  readonly bytes: number;
  /**
   * @param key one of those of `slices`
   * @param name how messages call the image
   * @throws OpError where it cannot be decoded, or has values that are no numbers
   */
  readonly read: (key: string, name: string) => Promise<DecodedImage>;
}

export interface Slice {
  /** Which one it is, within its file: part of locator and digest. */
  readonly key: string;
  /** The same for people, behind the file's name in the id; null where the file's name is enough. */
  readonly label: string | null;
}

/** What a file says of itself. Patient, study, series and bag are pseudonyms; null where it does not say. */
export interface SliceFacts {
  readonly patient: string | null;
  readonly study: string | null;
  readonly series: string | null;
  /** What its slices are instances of; null where each is an image of its own. */
  readonly bag: string | null;
  /** Along the normal of the plane, in mm. */
  readonly position: number | null;
  readonly instanceNumber: number | null;
}

/** SHA-256 (hex) of what decides an image: its file, which slice of it, and its window. */
export function sliceDigest({ tag, window }: SliceFormat, fileDigest: string, key: string): string {
  return createHash("sha256")
    .update(`${tag}\n${fileDigest}\n${key}\n${windowTag(window)}\n`)
    .digest("hex");
}

/** No key holds a `#`; names may. */
export function sliceLocator(file: string, key: string): string {
  return `${file}#${key}`;
}

/** @throws Error where the text is no such locator: a reader is only ever handed its own */
export function parseSliceLocator(locator: string): { readonly file: string; readonly key: string } {
  const end = locator.lastIndexOf("#");
  if (end < 0) throw new Error(`${JSON.stringify(locator)} is no slice's locator.`);
  return { file: locator.slice(0, end), key: locator.slice(end + 1) };
}
