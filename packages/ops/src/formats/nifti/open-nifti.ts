import { canonicalVolume } from "../volume/canonical-volume.ts";
import type { Volume } from "../volume/volume.ts";
import { gzipStart, isGzip } from "./gzip.ts";
import { findNiftiSignature } from "./nifti-signature.ts";
import { readNifti } from "./read-nifti.ts";

/** True of a `.nii` file, NIfTI-1 or -2, and of one that is compressed by gzip: by what it holds, not by its name. */
export function isNifti(bytes: Uint8Array): boolean {
  const signature = findNiftiSignature(isGzip(bytes) ? gzipStart(bytes) : bytes);
  return signature?.isPair === false;
}

/** A volume, and whether its directions are known. */
export interface NiftiVolume extends Volume {
  /** False where the file has neither sform nor qform: which side of it is left is a convention. */
  readonly isOriented: boolean;
}

/**
 * Opens a `.nii` or `.nii.gz` file: NIfTI-1 or -2, either byte order, up to 4 dimensions, grey (whole numbers of 8 to 64
 * bits, floats of 32 or 64) or RGB24. Directions and sizes are those of the sform, else the qform, else of nibabel's
 * convention for files that have neither.
 * @param bytes the volume may keep them: they must not change
 * @param name how messages call the file
 * @throws OpError `image-damaged` (cut short, or it contradicts itself), `image-unsupported` (Analyze 7.5, MGH, CIFTI,
 *   half of a pair, complex and other voxels, 64-bit values that a double cannot hold), `image-too-large`
 */
export async function openNifti(bytes: Uint8Array, name: string): Promise<NiftiVolume> {
  const grid = await readNifti(bytes, name);
  return { ...canonicalVolume(grid), isOriented: grid.affineSource !== "pixdim" };
}
