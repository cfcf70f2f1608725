import { damagedNifti, unsupportedNifti } from "./nifti-errors.ts";

/** What one channel of a voxel is stored as. */
export type StoredType =
  "uint8" | "int8" | "uint16" | "int16" | "uint32" | "int32" | "uint64" | "int64" | "float32" | "float64";

export interface NiftiDatatype {
  readonly type: StoredType;
  readonly channels: 1 | 3;
  /** Of one voxel, all channels. */
  readonly bytes: number;
}

/** By the codes DT_* of nifti1.h. */
const datatypes: Readonly<Record<number, NiftiDatatype>> = {
  2: { type: "uint8", channels: 1, bytes: 1 },
  4: { type: "int16", channels: 1, bytes: 2 },
  8: { type: "int32", channels: 1, bytes: 4 },
  16: { type: "float32", channels: 1, bytes: 4 },
  64: { type: "float64", channels: 1, bytes: 8 },
  128: { type: "uint8", channels: 3, bytes: 3 },
  256: { type: "int8", channels: 1, bytes: 1 },
  512: { type: "uint16", channels: 1, bytes: 2 },
  768: { type: "uint32", channels: 1, bytes: 4 },
  1024: { type: "int64", channels: 1, bytes: 8 },
  1280: { type: "uint64", channels: 1, bytes: 8 },
};

const refusedDatatypes: Readonly<Record<number, string>> = {
  0: "of no stated type",
  1: "single bits",
  32: "complex numbers (complex64)",
  1536: "128-bit floats (float128)",
  1792: "complex numbers (complex128)",
  2048: "complex numbers (complex256)",
  2304: "colours with opacity (RGBA32)",
};

/**
 * @throws OpError `image-unsupported` for a type that is neither grey nor RGB, `image-damaged` where `bitpix` is not the
 *   size of the type
 */
export function findDatatype(code: number, bitpix: number, name: string): NiftiDatatype {
  const datatype = datatypes[code];
  if (datatype === undefined) {
    throw unsupportedNifti(name, `its voxels are ${refusedDatatypes[code] ?? `of the unknown type ${code}`}`);
  }
  if (bitpix !== datatype.bytes * 8) {
    const claims = `its voxels are said to be ${datatype.type} and to have ${bitpix} bits`;
    throw damagedNifti(name, `${claims}, where ${datatype.bytes * 8} are needed`);
  }
  return datatype;
}
