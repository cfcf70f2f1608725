import type { RawValues } from "../../images/raw-image.ts";
import type { Affine } from "./affine.ts";
import type { Triple } from "./volume.ts";

/** Voxels as a file stores them, along the file's own axes. */
export interface VoxelGrid {
  /** How messages call the file. */
  readonly name: string;
  /** Voxels along the stored axes. */
  readonly shape: Triple;
  readonly frames: number;
  /** 1 (grey) or 3 (RGB, interleaved). */
  readonly channels: 1 | 3;
  /** Frame by frame, the first axis fastest: frames x shape[2] x shape[1] x shape[0] x channels. Never written to. */
  readonly values: RawValues;
  /** From stored values to the file's units; null where they are the same. */
  readonly scaling: Scaling | null;
  /** From voxel indices to millimetres. */
  readonly affine: Affine;
}

/** value = stored x slope + intercept. */
export interface Scaling {
  readonly slope: number;
  readonly intercept: number;
}

/** Values in the file's units: new ones in double precision, or the stored ones where nothing is to be scaled. */
export function scaledValues(stored: RawValues, scaling: Scaling | null): RawValues {
  if (scaling === null) return stored;
  const { slope, intercept } = scaling;
  const scaled = new Float64Array(stored.length);
  for (let index = 0; index < scaled.length; index++) scaled[index] = stored[index]! * slope + intercept;
  return scaled;
}
