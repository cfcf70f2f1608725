import type { NiftiSignature } from "./nifti-signature.ts";

/** The fields of a header that images hang on, as they are stored. Its texts are never read: they may name a patient. */
export interface NiftiFields {
  /** Eight entries; the first counts the dimensions. */
  readonly dim: readonly number[];
  readonly datatype: number;
  readonly bitpix: number;
  /** Eight entries; the first is the sign of the third axis in a qform. */
  readonly pixdim: readonly number[];
  readonly voxOffset: number;
  readonly sclSlope: number;
  readonly sclInter: number;
  readonly xyztUnits: number;
  readonly intentCode: number;
  readonly qformCode: number;
  readonly sformCode: number;
  /** b, c, d. */
  readonly quatern: readonly number[];
  readonly qoffset: readonly number[];
  /** Three rows of four. */
  readonly srow: readonly number[];
}

/** Bytes of a header: `sizeof_hdr` in nifti1.h and nifti2.h. */
export const headerLengths = { 1: 348, 2: 540 } as const;

/**
 * NIfTI-1 (nifti1.h) or NIfTI-2 (nifti2.h), which has the same fields, wider and elsewhere.
 * @param view at least as long as the header
 */
export function readNiftiFields(view: DataView, { version, isLittleEndian }: NiftiSignature): NiftiFields {
  return version === 1 ? readFirst(view, isLittleEndian) : readSecond(view, isLittleEndian);
}

function readFirst(view: DataView, isLittle: boolean): NiftiFields {
  const whole = (at: number): number => view.getInt16(at, isLittle);
  const reals = (at: number, count: number): number[] =>
    Array.from({ length: count }, (_, index) => view.getFloat32(at + 4 * index, isLittle));
  return {
    dim: Array.from({ length: 8 }, (_, index) => whole(40 + 2 * index)),
    intentCode: whole(68),
    datatype: whole(70),
    bitpix: whole(72),
    pixdim: reals(76, 8),
    voxOffset: view.getFloat32(108, isLittle),
    sclSlope: view.getFloat32(112, isLittle),
    sclInter: view.getFloat32(116, isLittle),
    xyztUnits: view.getUint8(123),
    qformCode: whole(252),
    sformCode: whole(254),
    quatern: reals(256, 3),
    qoffset: reals(268, 3),
    srow: reals(280, 12),
  };
}

function readSecond(view: DataView, isLittle: boolean): NiftiFields {
  // A bigint beyond what a double holds is rounded, and then refused for its size.
  const long = (at: number): number => Number(view.getBigInt64(at, isLittle));
  const whole = (at: number): number => view.getInt32(at, isLittle);
  const reals = (at: number, count: number): number[] =>
    Array.from({ length: count }, (_, index) => view.getFloat64(at + 8 * index, isLittle));
  return {
    datatype: view.getInt16(12, isLittle),
    bitpix: view.getInt16(14, isLittle),
    dim: Array.from({ length: 8 }, (_, index) => long(16 + 8 * index)),
    pixdim: reals(104, 8),
    voxOffset: long(168),
    sclSlope: view.getFloat64(176, isLittle),
    sclInter: view.getFloat64(184, isLittle),
    qformCode: whole(344),
    sformCode: whole(348),
    quatern: reals(352, 3),
    qoffset: reals(376, 3),
    srow: reals(400, 12),
    xyztUnits: whole(500),
    intentCode: whole(504),
  };
}
