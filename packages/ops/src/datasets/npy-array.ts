import { OpError } from "../op-error.ts";

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

/**
 * Versions 1 to 3 of the format (NumPy's NEP 1).
 * @throws OpError `npy-damaged` (cut short; header and length do not fit) or `npy-unsupported` (element type, Fortran order)
 */
export function parseNpy(name: string, bytes: Uint8Array): NpyArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const major = bytes[6];
  if (bytes.length < 12 || !hasMagic(bytes)) throw damaged(name, "it is no .npy array");
  if (major !== 1 && major !== 2 && major !== 3) throw unsupported(name, `it is of format version ${String(major)}`);
  const headerStart = major === 1 ? 10 : 12;
  const headerEnd = headerStart + (major === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (headerEnd > bytes.length) throw damaged(name, "it ends inside its header");

  const header = new TextDecoder("latin1").decode(bytes.subarray(headerStart, headerEnd));
  const { descr, order, shape } = parseHeader(name, header);
  if (order === "True") throw unsupported(name, "it is in Fortran order");
  if (!isNpyType(descr)) throw unsupported(name, `its elements are of type ${descr}`);
  const expected = shape.reduce((product, side) => product * side, itemSizes[descr]);
  const values = bytes.subarray(headerEnd);
  if (values.length !== expected) {
    const sizes = `${String(values.length)} bytes where shape (${shape.join(", ")}) needs ${String(expected)}`;
    throw damaged(name, `it has ${sizes}`);
  }
  return { name, type: descr, shape, bytes: values };
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
    if (!Number.isSafeInteger(value)) throw unsupported(name, `its value ${String(value)} is too large`);
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

interface NpyHeader {
  readonly descr: string;
  readonly order: string;
  readonly shape: readonly number[];
}

/** The header is a Python dictionary with exactly these keys. */
function parseHeader(name: string, header: string): NpyHeader {
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (/'descr':\s*\[/.test(header)) throw unsupported(name, "its elements are records");
  if (descr === undefined || order === undefined || shape === undefined) throw damaged(name, "its header is garbled");
  const sides = shape.split(",").filter((side) => side.trim() !== "");
  return { descr, order, shape: sides.map(Number) };
}

function hasMagic(bytes: Uint8Array): boolean {
  return [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59].every((byte, index) => bytes[index] === byte);
}

function isNpyType(descr: string): descr is NpyType {
  return Object.hasOwn(itemSizes, descr);
}

function damaged(name: string, problem: string): OpError {
  return new OpError("npy-damaged", `The array ${name} cannot be read: ${problem}.`, "Fetch or save the file again.");
}

function unsupported(name: string, problem: string): OpError {
  return new OpError(
    "npy-unsupported",
    `The array ${name} cannot be read: ${problem}.`,
    "Save it as whole numbers in C order (`numpy.ascontiguousarray`), 8 or 16 bits for images: bring values of 0 to 1 to 0 to 255 and round them first.",
  );
}
