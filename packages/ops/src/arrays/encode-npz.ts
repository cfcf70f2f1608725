import { zipSync } from "fflate";

/** An array as NumPy reads it: numbers in row-major order, or strings. */
export type NpyArray =
  | { readonly shape: readonly number[]; readonly data: Float32Array | Float64Array | Int32Array | Uint8Array }
  | { readonly strings: readonly string[] };

/**
 * A NumPy archive (`.npz`, stored without compression) of named arrays; `numpy.load` opens it without pickling. Equal
 * arrays give equal bytes: the entries carry a fixed date.
 */
export function encodeNpz(arrays: Readonly<Record<string, NpyArray>>): Uint8Array {
  const entries = Object.entries(arrays).map(([name, array]) => [`${name}.npy`, encodeNpy(array)] as const);
  return zipSync(Object.fromEntries(entries), { level: 0, mtime: "1980-01-01T12:00:00" });
}

/** One array in NumPy's file format, version 1.0 (numpy.lib.format). */
export function encodeNpy(array: NpyArray): Uint8Array {
  const { description, shape, body } = "strings" in array ? encodeStrings(array.strings) : encodeNumbers(array);
  const tuple = shape.length === 1 ? `(${String(shape[0])},)` : `(${shape.join(", ")})`;
  const dictionary = `{'descr': '${description}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // Magic, version and length take ten bytes; the data must begin at a multiple of 64.
  const headerLength = Math.ceil((10 + dictionary.length + 1) / 64) * 64 - 10;
  const header = `${dictionary.padEnd(headerLength - 1)}\n`;
  const bytes = new Uint8Array(10 + headerLength + body.byteLength);
  bytes.set([0x93, ...Buffer.from("NUMPY"), 1, 0, headerLength & 0xff, headerLength >> 8]);
  bytes.set(Buffer.from(header, "latin1"), 10);
  bytes.set(body, 10 + headerLength);
  return bytes;
}

interface EncodedArray {
  readonly description: string;
  readonly shape: readonly number[];
  readonly body: Uint8Array;
}

function encodeNumbers({ shape, data }: Extract<NpyArray, { data: unknown }>): EncodedArray {
  const count = shape.reduce((product, size) => product * size, 1);
  if (count !== data.length) {
    throw new Error(
      `An array of shape (${shape.join(", ")}) has ${String(count)} values, but ${String(data.length)} were given.`,
    );
  }
  const description =
    data instanceof Float32Array
      ? "<f4"
      : data instanceof Float64Array
        ? "<f8"
        : data instanceof Int32Array
          ? "<i4"
          : "|u1";
  return { description, shape, body: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}

/** Fixed-width UTF-32, as NumPy keeps strings. */
function encodeStrings(strings: readonly string[]): EncodedArray {
  const points = strings.map((text) => Array.from(text, (character) => character.codePointAt(0) ?? 0));
  const width = Math.max(1, ...points.map((text) => text.length));
  const body = new Uint32Array(strings.length * width);
  points.forEach((text, row) => {
    body.set(text, row * width);
  });
  return { description: `<U${String(width)}`, shape: [strings.length], body: new Uint8Array(body.buffer) };
}
