import { widenHalves } from "./half-floats.ts";
import { damagedNpy, requireNpyLength, takeNpyApart, unsupportedNpy, type NpyParts } from "./npy-header.ts";

/** An array of numbers or of texts, row-major. */
export type NamedArray =
  | { readonly holds: "floats"; readonly shape: readonly number[]; readonly values: Float32Array | Float64Array }
  | { readonly holds: "integers"; readonly shape: readonly number[]; readonly values: Float64Array }
  | { readonly holds: "strings"; readonly shape: readonly number[]; readonly values: readonly string[] };

/**
 * Any `.npy` array of numbers or of fixed-width strings, little-endian. Half precision is widened; whole numbers become
 * float64 and must be safe.
 * @param name how messages call the array
 * @throws OpError `npy-damaged`, or `npy-unsupported` (Python objects, records, complex numbers, Fortran order)
 */
export function decodeNpy(name: string, bytes: Uint8Array): NamedArray {
  const parts = takeNpyApart(name, bytes);
  const { type, shape, isFortran } = parts;
  if (type.startsWith("|O")) throw unsupportedNpy(name, "its elements are Python objects (pickle)", saveNoObjects);
  const text = /^(?:<U|\|S)(\d+)$/.exec(type);
  if (text === null && !Object.hasOwn(readers, type)) {
    throw unsupportedNpy(name, `its elements are of type ${type}`, saveNumbers);
  }
  // The memory of an array of one axis is the same in both orders.
  if (isFortran && shape.length > 1) throw unsupportedNpy(name, "it is in Fortran order", saveNumbers);
  if (text !== null) return decodeStrings(name, parts, Number(text[1]));
  const reader = readers[type]!;
  requireNpyLength(name, parts, reader.size);
  return reader.read(parts, name);
}

const saveNoObjects = "Such an array can run code when it is read. Save the texts by `numpy.array(ids, dtype=str)`.";
const saveNumbers =
  "Save it as numbers in C order: `numpy.ascontiguousarray(a, dtype=numpy.float32)`; names as `numpy.array(ids, dtype=str)`.";

interface Reader {
  /** Bytes of an element. */
  readonly size: number;
  readonly read: (parts: NpyParts, name: string) => NamedArray;
}

/** By NumPy's names of element types. */
const readers: Readonly<Record<string, Reader>> = {
  "<f2": { size: 2, read: ({ shape, values }) => floats(shape, widenHalves(new Uint16Array(ownBuffer(values)))) },
  "<f4": { size: 4, read: ({ shape, values }) => floats(shape, new Float32Array(ownBuffer(values))) },
  "<f8": { size: 8, read: ({ shape, values }) => floats(shape, new Float64Array(ownBuffer(values))) },
  "|b1": { size: 1, read: ({ shape, values }) => integers(shape, values) },
  "|u1": { size: 1, read: ({ shape, values }) => integers(shape, values) },
  "|i1": { size: 1, read: ({ shape, values }) => integers(shape, new Int8Array(ownBuffer(values))) },
  "<u2": { size: 2, read: ({ shape, values }) => integers(shape, new Uint16Array(ownBuffer(values))) },
  "<i2": { size: 2, read: ({ shape, values }) => integers(shape, new Int16Array(ownBuffer(values))) },
  "<u4": { size: 4, read: ({ shape, values }) => integers(shape, new Uint32Array(ownBuffer(values))) },
  "<i4": { size: 4, read: ({ shape, values }) => integers(shape, new Int32Array(ownBuffer(values))) },
  "<u8": { size: 8, read: (parts, name) => longs(name, parts.shape, new BigUint64Array(ownBuffer(parts.values))) },
  "<i8": { size: 8, read: (parts, name) => longs(name, parts.shape, new BigInt64Array(ownBuffer(parts.values))) },
};

/** A copy, since views of wider types have to begin at a multiple of their width. */
function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

function floats(shape: readonly number[], values: Float32Array | Float64Array): NamedArray {
  return { holds: "floats", shape, values };
}

function integers(shape: readonly number[], values: ArrayLike<number>): NamedArray {
  return { holds: "integers", shape, values: Float64Array.from(values) };
}

function longs(name: string, shape: readonly number[], values: BigInt64Array | BigUint64Array): NamedArray {
  const numbers = Float64Array.from(values, Number);
  const unsafe = numbers.findIndex((value) => !Number.isSafeInteger(value));
  if (unsafe >= 0) throw unsupportedNpy(name, `its value ${String(values[unsafe])} is too large`, saveNumbers);
  return { holds: "integers", shape, values: numbers };
}

/** `<U`: so many UTF-32 code points each; `|S`: so many bytes, read as UTF-8. Both are filled up with zeros. */
function decodeStrings(name: string, parts: NpyParts, width: number): NamedArray {
  const { shape, values } = parts;
  const isWide = parts.type.startsWith("<U");
  requireNpyLength(name, parts, isWide ? 4 * width : width);
  const count = shape.reduce((product, side) => product * side, 1);
  // Strings of no width take no bytes: any shape would fit.
  if (width === 0 && count > longestOfNothing) throw damagedNpy(name, `it holds ${String(count)} empty texts`);
  const textAt = isWide ? wideTexts(name, values, width) : byteTexts(name, values, width);
  return { holds: "strings", shape, values: Array.from({ length: count }, (_, row) => textAt(row)) };
}

const longestOfNothing = 1_000_000;
const lastCodePoint = 0x10ffff;

function wideTexts(name: string, values: Uint8Array, width: number): (row: number) => string {
  const points = new Uint32Array(ownBuffer(values));
  return (row) => {
    const own = points.subarray(row * width, (row + 1) * width);
    if (own.some((point) => point > lastCodePoint)) throw damagedNpy(name, `its text ${String(row)} is no Unicode`);
    return withoutFilling(Array.from(own, (point) => String.fromCodePoint(point)).join(""));
  };
}

function byteTexts(name: string, values: Uint8Array, width: number): (row: number) => string {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  return (row) => {
    try {
      return withoutFilling(decoder.decode(values.subarray(row * width, (row + 1) * width)));
    } catch {
      throw damagedNpy(name, `its text ${String(row)} is not in UTF-8`);
    }
  };
}

function withoutFilling(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) end -= 1;
  return text.slice(0, end);
}
