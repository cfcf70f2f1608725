import type { Affine, AffineRow } from "../volume/affine.ts";
import type { Triple } from "../volume/volume.ts";
import type { Scaling } from "../volume/voxel-grid.ts";
import { explainNotNifti } from "./explain-not-nifti.ts";
import { niftiAffine, type AffineSource } from "./nifti-affine.ts";
import { findDatatype, type NiftiDatatype } from "./nifti-datatypes.ts";
import { damagedNifti } from "./nifti-errors.ts";
import { headerLengths, readNiftiFields, type NiftiFields } from "./nifti-fields.ts";
import { niftiShape } from "./nifti-shape.ts";
import { findNiftiSignature, viewOf, type NiftiSignature } from "./nifti-signature.ts";

/** A header that is consistent in itself; the length of the file is not checked yet. */
export interface NiftiHeader extends NiftiSignature {
  readonly shape: Triple;
  readonly frames: number;
  readonly datatype: NiftiDatatype;
  /** From voxel indices to millimetres. */
  readonly affine: Affine;
  readonly affineSource: AffineSource;
  readonly scaling: Scaling | null;
  /** Where the voxels begin: in the same file, or in the `.img` of a pair. */
  readonly voxelOffset: number;
  /** All voxels of all frames: a whole number, but perhaps a huge one. */
  readonly voxelBytes: number;
}

/**
 * @param start the file's first bytes, unpacked: all of the header where the file has that many
 * @param name how messages call the file
 * @throws OpError `image-damaged` or `image-unsupported`
 */
export function parseNiftiHeader(start: Uint8Array, name: string): NiftiHeader {
  const signature = findNiftiSignature(start);
  if (signature === null) throw explainNotNifti(start, name);
  const { version, isPair } = signature;
  if (start.length < headerLengths[version]) throw damagedNifti(name, "it ends inside its header");
  if (version === 2) requireLineEnds(start, name);
  const fields = readNiftiFields(viewOf(start), signature);
  const shape = niftiShape(fields, name);
  const datatype = findDatatype(fields.datatype, fields.bitpix, name);
  const { affine, source } = niftiAffine(fields, shape, version, name);
  const voxels = shape.shape.reduce((product, side) => product * side, shape.frames);
  return {
    ...signature,
    shape: shape.shape,
    frames: shape.frames,
    datatype,
    affine: inMillimetres(affine, fields.xyztUnits),
    affineSource: source,
    scaling: datatype.channels === 3 ? null : findScaling(fields, name),
    voxelOffset: findVoxelOffset(fields.voxOffset, isPair ? 0 : headerLengths[version] + extensionFlags, name),
    voxelBytes: voxels * datatype.bytes,
  };
}

/** Four bytes after the header say whether extensions follow. */
const extensionFlags = 4;

/** NIfTI-2 holds both ends of lines, which a transfer as text would change. Some writers leave zeros. */
function requireLineEnds(start: Uint8Array, name: string): void {
  const ends = start.subarray(8, 12);
  if (ends.every((byte) => byte === 0)) return;
  if ([0x0d, 0x0a, 0x1a, 0x0a].every((byte, index) => ends[index] === byte)) return;
  throw damagedNifti(name, "its line ends were changed, as by a transfer as text");
}

/** As nibabel: a slope that is 0 or not finite says that nothing is scaled. nifti1.h scales no colours. */
function findScaling({ sclSlope, sclInter }: NiftiFields, name: string): Scaling | null {
  if (sclSlope === 0 || !Number.isFinite(sclSlope)) return null;
  if (!Number.isFinite(sclInter)) throw damagedNifti(name, "it has a slope (scl_slope), but no finite scl_inter");
  return sclSlope === 1 && sclInter === 0 ? null : { slope: sclSlope, intercept: sclInter };
}

/** @param earliest where the header ends, if it is in the same file */
function findVoxelOffset(offset: number, earliest: number, name: string): number {
  if (Number.isSafeInteger(offset) && offset >= earliest) return offset;
  throw damagedNifti(
    name,
    `its voxels are said to begin at byte ${offset} (vox_offset), where a whole number from ${earliest} on is needed`,
  );
}

/** The lowest three bits of `xyzt_units`: 1 is metres, 3 micrometres; files that do not say it mean millimetres. */
function inMillimetres(affine: Affine, units: number): Affine {
  const unit = units & 7;
  if (unit !== 1 && unit !== 3) return affine;
  const scale = unit === 1 ? 1000 : 0.001;
  const scaled = (row: AffineRow): AffineRow => [row[0] * scale, row[1] * scale, row[2] * scale, row[3] * scale];
  return [scaled(affine[0]), scaled(affine[1]), scaled(affine[2])];
}
