import { requireNpyLength, takeNpyApart, unsupportedNpy } from "../arrays/npy-header.ts";

/** An array of NumPy's `.npy` format: whole numbers, little-endian, in C order. */
export interface NpyArray {
  /** How messages call the array. */
  readonly name: string;
  readonly type: NpyType;
  readonly shape: readonly number[];
  /** The raw values, row-major. */
  readonly bytes: Uint8Array;
}

export type NpyType = keyof typeof itemSizes;

const itemSizes = { "|b1": 1, "|u1": 1, "|i1": 1, "<u2": 2, "<i2": 2, "<u4": 4, "<i4": 4, "<u8": 8, "<i8": 8 } as const;
const npyTypes = Object.keys(itemSizes) as readonly NpyType[];

/**
 * Versions 1 to 3 of the format (NumPy's NEP 1).
 * @throws OpError `npy-damaged` (cut short; header and length do not fit) or `npy-unsupported` (element type, Fortran order)
 */
export function parseNpy(name: string, bytes: Uint8Array): NpyArray {
  const parts = takeNpyApart(name, bytes);
  const { shape, values } = parts;
  if (parts.isFortran) throw unsupportedNpy(name, "it is in Fortran order");
  const type = findNpyType(parts.type);
  if (type === undefined) throw unsupportedNpy(name, `its elements are of type ${parts.type}`);
  requireNpyLength(name, parts, itemSizes[type]);
  return { name, type, shape, bytes: values };
}

/**
 * All values as numbers.
 * @throws OpError `npy-unsupported` where a 64-bit value is no safe integer
 */
export function npyIntegers({ name, type, bytes }: NpyArray): readonly number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = itemSizes[type];
  return Array.from({ length: bytes.length / size }, (_, index) => {
    const value = readInteger(view, index * size, type);
    if (!Number.isSafeInteger(value)) throw unsupportedNpy(name, `its value ${String(value)} is too large`);
    return value;
  });
}

function readInteger(view: DataView, offset: number, type: NpyType): number {
  switch (type) {
    case "|b1":
    case "|u1":
      return view.getUint8(offset);
    case "|i1":
      return view.getInt8(offset);
    case "<u2":
      return view.getUint16(offset, true);
    case "<i2":
      return view.getInt16(offset, true);
    case "<u4":
      return view.getUint32(offset, true);
    case "<i4":
      return view.getInt32(offset, true);
    case "<u8":
      return Number(view.getBigUint64(offset, true));
    case "<i8":
      return Number(view.getBigInt64(offset, true));
  }
}

/**
 * The program's own literal, never the text of the header: where a closure keeps a text that was made at run time and has
 * been a property's key, Node 20's optimiser now and then takes it for unequal to the same literal.
 */
function findNpyType(text: string): NpyType | undefined {
  return npyTypes.find((type) => type === text);
}
