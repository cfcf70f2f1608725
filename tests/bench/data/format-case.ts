import type { engine } from "@exp-lab/ops";

/** How Python reads a format; see `python/decode_formats.py`. */
export type PythonReader = "pillow" | "tifffile" | "pydicom" | "nibabel_open" | "nibabel_slice" | "numpy" | "h5py";

/** One format whose decoding is timed. */
export interface FormatCase {
  /** Of the figure, behind `data.decode.`. */
  readonly name: string;
  /** What is decoded, for the reader of a figure. */
  readonly what: string;
  readonly unit: "images/s" | "slices/s" | "volumes/s";
  /** Several, so that no cache can know what comes next. */
  readonly files: readonly Uint8Array[];
  readonly reader: PythonReader;
  readonly begin: () => Promise<Decoding>;
}

export interface Decoding {
  /** Decodes once. Turns count from 0 and go on through the files. */
  readonly decode: (turn: number) => Promise<unknown>;
  /** All that turn 0 gives, to be compared with Python's. */
  readonly first: () => Promise<readonly engine.RawValues[]>;
}

/** Of formats whose files hold one image each. */
export function decodeEach(
  files: readonly Uint8Array[],
  decode: (bytes: Uint8Array) => Promise<engine.RawValues>,
): Decoding {
  return {
    decode: (turn) => decode(files[turn % files.length]!),
    first: async () => [await decode(files[0]!)],
  };
}
