import { widenHalves } from "../../arrays/half-floats.ts";
import { requireNpyLength, takeNpyApart, unsupportedNpy, type NpyParts } from "../../arrays/npy-header.ts";
import type { RawValues } from "../../images/raw-image.ts";

/** The numbers of a `.npy` array, of any type and order. */
export interface NpyNumbers {
  readonly shape: readonly number[];
  /**
   * How many elements lie between two neighbours along each side: the memory of an array in Fortran order is not
   * row-major.
   */
  readonly strides: readonly number[];
  /** All elements in the order in which they lie in the file, as a copy. */
  readonly read: () => RawValues;
}

/**
 * Booleans become 0 and 255, half precision is widened to float32, 64-bit whole numbers become float64 and must be safe.
 * @param name how messages call the array
 * @throws OpError `npy-damaged`, or `npy-unsupported` (Python objects, records, texts, complex numbers and the like);
 *   on reading too
 */
export function readNpyNumbers(name: string, bytes: Uint8Array): NpyNumbers {
  const parts = takeNpyApart(name, bytes);
  const { shape, values } = parts;
  const { decode, size, isBig } = findType(name, parts);
  requireNpyLength(name, parts, size);
  const read = (): RawValues => {
    // Not by `slice`, which in Node's Buffer copies nothing.
    const own = new Uint8Array(values);
    if (isBig) swapBytes(own, size);
    return decode(own.buffer, name);
  };
  return { shape, strides: stridesOf(parts), read };
}

interface ElementType {
  readonly size: number;
  readonly isBig: boolean;
  readonly decode: Decoder;
}

type Decoder = (values: ArrayBuffer, name: string) => RawValues;

/** By kind and size as NumPy writes them. */
const decoders: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  // Black and white.
  ["b1", (values) => new Uint8Array(values).map((value) => (value === 0 ? 0 : 255))],
  ["u1", (values) => new Uint8Array(values)],
  ["i1", (values) => new Int8Array(values)],
  ["u2", (values) => new Uint16Array(values)],
  ["i2", (values) => new Int16Array(values)],
  ["u4", (values) => new Uint32Array(values)],
  ["i4", (values) => new Int32Array(values)],
  ["u8", (values, name) => safeNumbers(name, new BigUint64Array(values))],
  ["i8", (values, name) => safeNumbers(name, new BigInt64Array(values))],
  ["f2", (values) => widenHalves(new Uint16Array(values))],
  ["f4", (values) => new Float32Array(values)],
  ["f8", (values) => new Float64Array(values)],
]);

function findType(name: string, { type }: NpyParts): ElementType {
  if (type.startsWith("|O")) {
    throw unsupportedNpy(
      name,
      "its elements are Python objects (pickle), which can run code when they are read",
      retype,
    );
  }
  const [, order, kind] = /^([<>|=]?)([biuf]\d)$/.exec(type) ?? [];
  const decode = decoders.get(kind ?? "");
  const size = Number(kind?.slice(1));
  // "|" says that the order does not matter; "=" would be that of a machine that is not known.
  const isOrdered = order === "<" || order === ">" || (order === "|" && size === 1);
  if (decode === undefined || !isOrdered) throw unsupportedNpy(name, `its elements are of type ${type}`, retype);
  return { size, isBig: order === ">", decode };
}

const retype = "Save it as numbers, e.g. `a.astype(numpy.float32)`.";

function stridesOf({ shape, isFortran }: NpyParts): readonly number[] {
  const strides = shape.map(() => 1);
  const sides = shape.map((_, side) => (isFortran ? side : shape.length - 1 - side));
  let stride = 1;
  for (const side of sides) {
    strides[side] = stride;
    stride *= shape[side]!;
  }
  return strides;
}

function swapBytes(bytes: Uint8Array<ArrayBuffer>, size: number): void {
  const swapped = Buffer.from(bytes.buffer);
  if (size === 2) swapped.swap16();
  if (size === 4) swapped.swap32();
  if (size === 8) swapped.swap64();
}

function safeNumbers(name: string, values: BigInt64Array | BigUint64Array): Float64Array {
  const numbers = Float64Array.from(values, Number);
  if (numbers.every(Number.isSafeInteger)) return numbers;
  throw unsupportedNpy(name, "it holds whole numbers beyond 2 ** 53, which would be rounded", retype);
}
