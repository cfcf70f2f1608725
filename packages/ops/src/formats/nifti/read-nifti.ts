import type { VoxelGrid } from "../volume/voxel-grid.ts";
import { gunzipTo, gzipStart, isGzip, mostGrowth } from "./gzip.ts";
import type { AffineSource } from "./nifti-affine.ts";
import { damagedNifti, tooLargeNifti, unsupportedNifti } from "./nifti-errors.ts";
import { parseNiftiHeader, type NiftiHeader } from "./nifti-header.ts";
import { maxTrailing, maxVolumeBytes } from "./nifti-limits.ts";
import { storedVoxels } from "./stored-voxels.ts";

/** The voxels of a file, and how sure their directions are. */
export interface NiftiGrid extends VoxelGrid {
  readonly affineSource: AffineSource;
}

/**
 * The stored voxels of a `.nii` or `.nii.gz` file, along its own axes.
 * @param name how messages call the file
 * @throws OpError `image-damaged`, `image-unsupported` or `image-too-large`
 */
export async function readNifti(bytes: Uint8Array, name: string): Promise<NiftiGrid> {
  const header = parseNiftiHeader(startOf(bytes, name), name);
  if (header.isPair) {
    throw unsupportedNifti(
      name,
      "it is the header of an .hdr/.img pair, and the voxels are in the other file",
      "Convert the pair to one .nii.gz file, e.g. by `fslchfiletype NIFTI_GZ`.",
    );
  }
  return readVoxels(header, bytes, name);
}

async function readVoxels(header: NiftiHeader, bytes: Uint8Array, name: string): Promise<NiftiGrid> {
  const { shape, frames, datatype, affine, affineSource, scaling, voxelOffset, voxelBytes, isLittleEndian } = header;
  const end = voxelOffset + voxelBytes;
  const isPacked = isGzip(bytes);
  requireLength(
    bytes.length,
    end,
    isPacked ? { growth: mostGrowth, trailing: Infinity } : { growth: 1, trailing: maxTrailing },
    name,
  );
  const unpacked = isPacked ? await gunzipTo(bytes, end, maxTrailing, name) : bytes;
  const values = storedVoxels(unpacked.subarray(voxelOffset, end), datatype.type, isLittleEndian, name);
  return { name, shape, frames, channels: datatype.channels, values, scaling, affine, affineSource };
}

/** A file that is shorter than its header says is damaged; one that is as long may be too large. */
function requireLength(length: number, end: number, allowed: { growth: number; trailing: number }, name: string): void {
  const { growth, trailing } = allowed;
  if (length * growth < end) {
    const packed = growth > 1 ? ", which cannot unpack to as many" : "";
    throw damagedNifti(name, `its header promises ${end} bytes, and it has ${length}${packed}`);
  }
  if (length > end + trailing) {
    throw damagedNifti(name, `its header promises ${end} bytes, and it goes on to ${length}`);
  }
  if (end > maxVolumeBytes) {
    throw tooLargeNifti(
      name,
      `it has ${end} bytes; at most ${maxVolumeBytes} are read`,
      "Save its frames as files of their own, or its voxels in a smaller type.",
    );
  }
}

function startOf(bytes: Uint8Array, name: string): Uint8Array {
  if (!isGzip(bytes)) return bytes;
  const start = gzipStart(bytes);
  if (start.length > 0) return start;
  throw damagedNifti(name, "nothing can be unpacked from it, as if it were cut short or changed");
}
