import type { RawValues } from "../../images/raw-image.ts";
import type { StoredType } from "./nifti-datatypes.ts";
import { unsupportedNifti } from "./nifti-errors.ts";

/**
 * Stored bytes as numbers. Whole numbers of 64 bits become doubles.
 * @param bytes not written to, and not copied where they can be used as they lie
 * @throws OpError `image-unsupported` where a 64-bit value is no safe integer
 */
export function storedVoxels(bytes: Uint8Array, type: StoredType, isLittleEndian: boolean, name: string): RawValues {
  const itemSize = itemSizes[type];
  const isUsable = (isLittleEndian || itemSize === 1) && bytes.byteOffset % itemSize === 0;
  // Not by `slice`, which of a Buffer is a view of the same bytes.
  const usable = isUsable ? bytes : new Uint8Array(bytes);
  if (!isLittleEndian) swapBytes(usable, itemSize);
  return numbersOf(usable.buffer, usable.byteOffset, usable.byteLength / itemSize, type, name);
}

const itemSizes: Readonly<Record<StoredType, 1 | 2 | 4 | 8>> = {
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  uint64: 8,
  int64: 8,
  float32: 4,
  float64: 8,
};

function swapBytes(bytes: Uint8Array, itemSize: 1 | 2 | 4 | 8): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (itemSize === 2) buffer.swap16();
  if (itemSize === 4) buffer.swap32();
  if (itemSize === 8) buffer.swap64();
}

function numbersOf(buffer: ArrayBufferLike, at: number, count: number, type: StoredType, name: string): RawValues {
  switch (type) {
    case "uint8":
      return new Uint8Array(buffer, at, count);
    case "int8":
      return new Int8Array(buffer, at, count);
    case "uint16":
      return new Uint16Array(buffer, at, count);
    case "int16":
      return new Int16Array(buffer, at, count);
    case "uint32":
      return new Uint32Array(buffer, at, count);
    case "int32":
      return new Int32Array(buffer, at, count);
    case "float32":
      return new Float32Array(buffer, at, count);
    case "float64":
      return new Float64Array(buffer, at, count);
    case "uint64":
      return doublesOf(new Uint32Array(buffer, at, count * 2), new Uint32Array(buffer, at, count * 2), name);
    case "int64":
      return doublesOf(new Uint32Array(buffer, at, count * 2), new Int32Array(buffer, at, count * 2), name);
  }
}

/** From halves: a bigint for every voxel would take many times as long. The lower half stands first. */
function doublesOf(lower: Uint32Array, upper: Uint32Array | Int32Array, name: string): Float64Array {
  const doubles = new Float64Array(lower.length / 2);
  for (let index = 0; index < doubles.length; index++) {
    const value = upper[2 * index + 1]! * 2 ** 32 + lower[2 * index]!;
    if (!Number.isSafeInteger(value)) {
      throw unsupportedNifti(
        name,
        "a voxel of its 64-bit whole numbers is larger than a double can hold exactly",
        "Save the voxels as 32-bit whole numbers or as floats.",
      );
    }
    doubles[index] = value;
  }
  return doubles;
}
