import type { Affine, AffineRow } from "../volume/affine.ts";
import type { Triple } from "../volume/volume.ts";
import { damagedNifti } from "./nifti-errors.ts";
import type { NiftiFields } from "./nifti-fields.ts";
import type { NiftiShape } from "./nifti-shape.ts";
import { quaternionRotation } from "./quaternion-rotation.ts";

/** Where the affine matrix came from; `pixdim` knows voxel sizes alone, and its directions are a convention. */
export type AffineSource = "sform" | "qform" | "pixdim";

export interface NiftiAffine {
  /** In the header's own unit of length. */
  readonly affine: Affine;
  readonly source: AffineSource;
}

/**
 * The sform where it has a code, else the qform where it has one, else the voxel sizes: nibabel's `get_best_affine`.
 * @throws OpError `image-damaged` where a code, the quaternion or the sign of the third axis is not of the standard
 */
export function niftiAffine(fields: NiftiFields, shape: NiftiShape, version: 1 | 2, name: string): NiftiAffine {
  const { sformCode, qformCode } = fields;
  for (const [form, code] of [
    ["sform", sformCode],
    ["qform", qformCode],
  ] as const) {
    if (code < 0 || code > largestCode) throw damagedNifti(name, `its ${form} has the unknown code ${code}`);
  }
  if (sformCode > 0) return { affine: sform(fields), source: "sform" };
  if (qformCode > 0) return { affine: qform(fields, version, name), source: "qform" };
  return { affine: fromSizes(fields, shape), source: "pixdim" };
}

/** NIFTI_XFORM_TEMPLATE_OTHER. */
const largestCode = 5;

function sform({ srow }: NiftiFields): Affine {
  const row = (at: number): AffineRow => [srow[at]!, srow[at + 1]!, srow[at + 2]!, srow[at + 3]!];
  return [row(0), row(4), row(8)];
}

/** "METHOD 2" of nifti1.h. */
function qform(fields: NiftiFields, version: 1 | 2, name: string): Affine {
  const rotation = quaternionRotation(fields.quatern as unknown as Triple, version);
  if (rotation === null) throw damagedNifti(name, "the quaternion of its qform is longer than 1");
  const [x, y, z] = voxelSizes(fields);
  const sizes = [x, y, z * thirdAxisSign(fields.pixdim[0]!, name)] as const;
  const row = (at: 0 | 1 | 2): AffineRow => [
    rotation[at][0] * sizes[0],
    rotation[at][1] * sizes[1],
    rotation[at][2] * sizes[2],
    fields.qoffset[at]!,
  ];
  return [row(0), row(1), row(2)];
}

/**
 * The standard knows 1 and -1, and takes 0 for 1. Files with other numbers occur: those above 0 mean 1 to all readers;
 * on those below 0 readers disagree.
 */
function thirdAxisSign(qfac: number, name: string): 1 | -1 {
  if (qfac === -1) return -1;
  if (qfac < 0) throw damagedNifti(name, "the sign of the third axis in its qform (pixdim[0]) is neither 1 nor -1");
  return 1;
}

/** nibabel's `get_base_affine`: the origin at the centre, and, as in Analyze files, the first axis to the left. */
function fromSizes(fields: NiftiFields, { shape, dimensions }: NiftiShape): Affine {
  const [x, y, z] = voxelSizes(fields);
  const sizes: Triple = [-x, y, dimensions > 2 ? z : 1];
  const row = (at: 0 | 1 | 2): AffineRow => {
    const shift = ((1 - shape[at]) / 2) * sizes[at];
    return [at === 0 ? sizes[0] : 0, at === 1 ? sizes[1] : 0, at === 2 ? sizes[2] : 0, shift];
  };
  return [row(0), row(1), row(2)];
}

/** As nibabel mends them on loading: 0 counts as 1, and the sign is dropped. */
function voxelSizes({ pixdim }: NiftiFields): Triple {
  const size = (axis: number): number => (pixdim[axis] === 0 ? 1 : Math.abs(pixdim[axis]!));
  return [size(1), size(2), size(3)];
}
