import type { RawValues } from "../../../images/raw-image.ts";

/** What a test writes. Fields that are left out are those of a sound file. */
export interface WrittenNifti {
  readonly version?: 1 | 2;
  readonly isLittleEndian?: boolean;
  /** Two to seven sides, the fastest first. */
  readonly shape: readonly number[];
  /** By the codes DT_* of nifti1.h. */
  readonly datatype: number;
  readonly values: RawValues | BigInt64Array | BigUint64Array;
  readonly bitpix?: number;
  /** The first is the sign of the third axis in the qform, the others are voxel sizes. */
  readonly pixdim?: readonly number[];
  /** Three rows of four. */
  readonly sform?: { readonly code: number; readonly rows: readonly (readonly number[])[] };
  readonly qform?: { readonly code: number; readonly quatern: readonly number[]; readonly offset: readonly number[] };
  readonly slope?: number;
  readonly intercept?: number;
  readonly voxOffset?: number;
  /** How many bytes of an extension lie between header and voxels. */
  readonly extension?: number;
  readonly dim?: readonly number[];
  readonly units?: number;
  readonly intent?: number;
  /** The header of a pair: without voxels, its `vox_offset` 0. */
  readonly isPair?: boolean;
}

/** A NIfTI file, written by the letter of nifti1.h and nifti2.h. */
export function writeNifti(written: WrittenNifti): Uint8Array {
  const { version = 1, isLittleEndian = true, isPair = false, extension = 0 } = written;
  const headerLength = version === 1 ? 348 : 540;
  const offset = headerLength + 4 + extension;
  const voxels = isPair ? new Uint8Array() : voxelBytes(written.values, isLittleEndian);
  const bytes = new Uint8Array(offset + voxels.length);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, headerLength, isLittleEndian);
  const magic = isPair ? `ni${version}\0` : `n+${version}\0`;
  bytes.set(Buffer.from(version === 1 ? magic : `${magic}\r\n\x1a\n`, "latin1"), version === 1 ? 344 : 4);
  // Text that no message may repeat.
  bytes.set(Buffer.from("PATIENT^NAME", "latin1"), version === 1 ? 148 : 240);
  if (extension > 0) bytes[headerLength] = 1;
  writeFields(view, { ...written, voxOffset: written.voxOffset ?? (isPair ? 0 : offset) });
  bytes.set(voxels, offset);
  return bytes;
}

/** The voxels alone, as an `.img` file holds them. */
export function voxelBytes(values: WrittenNifti["values"], isLittleEndian = true): Uint8Array {
  const bytes = new Uint8Array(values.buffer.slice(values.byteOffset, values.byteOffset + values.byteLength));
  if (isLittleEndian) return bytes;
  const size = values.BYTES_PER_ELEMENT;
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
  return bytes;
}

function writeFields(view: DataView, written: WrittenNifti & { readonly voxOffset: number }): void {
  const { version = 1, isLittleEndian = true, shape, values } = written;
  const sides = [...shape, ...Array<number>(7 - shape.length).fill(1)];
  const dim = written.dim ?? [shape.length, ...sides];
  const voxels = shape.reduce((product, side) => product * side, 1);
  const bitpix = written.bitpix ?? (values.byteLength / voxels) * 8;
  const pixdim = written.pixdim ?? [1, 1, 1, 1];
  const srow = written.sform?.rows.flat() ?? [];
  const { code: qformCode = 0, quatern = [0, 0, 0], offset: qoffset = [0, 0, 0] } = written.qform ?? {};
  const { slope = 1, intercept = 0, units = 2, intent = 0, datatype, voxOffset } = written;
  const put = writersOf(view, isLittleEndian);
  const forms = [qformCode, written.sform?.code ?? 0];
  if (version === 1) {
    put.shorts(40, dim);
    put.shorts(68, [intent, datatype, bitpix]);
    put.floats(76, pixdim);
    put.floats(108, [voxOffset, slope, intercept]);
    view.setUint8(123, units);
    put.shorts(252, forms);
    put.floats(256, [...quatern, ...qoffset, ...srow]);
  } else {
    put.shorts(12, [datatype, bitpix]);
    put.longs(16, dim);
    put.doubles(104, pixdim);
    put.longs(168, [voxOffset]);
    put.doubles(176, [slope, intercept]);
    put.ints(344, forms);
    put.doubles(352, [...quatern, ...qoffset, ...srow]);
    put.ints(500, [units, intent]);
  }
}

type Put = (at: number, numbers: readonly number[]) => void;

function writersOf(view: DataView, isLittle: boolean): Record<"shorts" | "ints" | "longs" | "floats" | "doubles", Put> {
  const each =
    (size: number, set: (at: number, value: number) => void): Put =>
    (at, numbers) =>
      numbers.forEach((value, index) => set(at + index * size, value));
  return {
    shorts: each(2, (at, value) => view.setInt16(at, value, isLittle)),
    ints: each(4, (at, value) => view.setInt32(at, value, isLittle)),
    longs: each(8, (at, value) => view.setBigInt64(at, BigInt(value), isLittle)),
    floats: each(4, (at, value) => view.setFloat32(at, value, isLittle)),
    doubles: each(8, (at, value) => view.setFloat64(at, value, isLittle)),
  };
}
