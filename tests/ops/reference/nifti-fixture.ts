import { readFileSync } from "node:fs";

/** What `nifti.py` wrote, by nibabel. */
export interface NiftiFixture {
  readonly orientations: readonly OrientationCase[];
  readonly files: readonly NiftiFileCase[];
}

export interface OrientationCase {
  readonly kind: "oblique" | "sheared" | "straight" | "singular";
  /** Three rows of three: an affine matrix without its shift. */
  readonly steps: readonly (readonly [number, number, number])[];
  /** Of each stored axis: the closest anatomical axis and its sign; null where it has none. */
  readonly closest: readonly (readonly [axis: number, sign: number] | null)[];
}

export interface NiftiFileCase {
  readonly name: string;
  readonly content: Uint8Array;
  /** Three rows of four, as stored: from voxel indices to the header's unit of length. */
  readonly affine: readonly (readonly number[])[];
  /** In canonical order, as is all that follows. */
  readonly shape: readonly [number, number, number];
  readonly frames: number;
  readonly spacing: readonly [number, number, number];
  /** x fastest, frames slowest; of colours the channel fastest of all. */
  readonly values: Float64Array;
}

export function readNiftiFixture(): NiftiFixture {
  const text = readFileSync(new URL("nifti.json", import.meta.url), "utf8");
  const { orientations, files } = JSON.parse(text) as Omit<NiftiFixture, "files"> & {
    readonly files: readonly Encoded[];
  };
  return {
    orientations,
    files: files.map((file) => ({
      ...file,
      content: decoded(file.content),
      values: new Float64Array(decoded(file.values).buffer),
    })),
  };
}

interface Encoded extends Omit<NiftiFileCase, "content" | "values"> {
  readonly content: string;
  readonly values: string;
}

function decoded(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(text, "base64"));
}
