import type { Triple } from "../volume/volume.ts";
import { damagedNifti, unsupportedNifti } from "./nifti-errors.ts";
import type { NiftiFields } from "./nifti-fields.ts";

export interface NiftiShape {
  readonly shape: Triple;
  readonly frames: number;
  /** How many dimensions the header counts: 2 to 7. */
  readonly dimensions: number;
}

/**
 * Two dimensions are a volume of one slice; those after the fourth may be 1 alone.
 * @throws OpError `image-damaged` or `image-unsupported`
 */
export function niftiShape({ dim, intentCode }: NiftiFields, name: string): NiftiShape {
  const dimensions = dim[0]!;
  if (dimensions < 1 || dimensions > 7) throw damagedNifti(name, `it claims ${dimensions} dimensions`);
  // Intents 3000 to 3099 are those of CIFTI-2: rows and columns that mean surface points or regions, not places.
  if (intentCode >= 3000 && intentCode < 3100) {
    throw unsupportedNifti(name, "it is a CIFTI file, whose values lie on surfaces and in regions", exportVolume);
  }
  if (dimensions === 1) throw unsupportedNifti(name, "it has 1 dimension, so it is no image");
  const sides = dim.slice(1, dimensions + 1);
  const shown = sides.join(" x ");
  if (sides.some((side) => side < 1)) throw damagedNifti(name, `its sides are ${shown}: each must be 1 or more`);
  if (sides.slice(4).some((side) => side > 1)) {
    throw unsupportedNifti(name, `it has more than 4 dimensions (${shown})`, saveFourDimensions);
  }
  const [width, height, depth = 1, frames = 1] = sides as [number, number, number?, number?];
  if (width === 27307 && height === 1 && depth === 6) {
    // FreeSurfer folds the 163842 points of a hemisphere, which are too many for one side of NIfTI-1.
    throw unsupportedNifti(name, "it holds a surface of FreeSurfer", exportVolume);
  }
  return { shape: [width, height, depth], frames, dimensions };
}

const exportVolume = "Use the volume that it was made from.";
const saveFourDimensions = "Save each part of the further dimensions as a volume of its own.";
