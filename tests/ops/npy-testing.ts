/** The bytes of a `.npy` file, written by the letter of the format. */
export function npyBytes(
  descr: string,
  shape: readonly number[],
  values: Uint8Array,
  { version = 1, order = "False" }: { readonly version?: 1 | 2; readonly order?: "True" | "False" } = {},
): Uint8Array {
  const sides = shape.length === 1 ? `${String(shape[0])},` : shape.join(", ");
  const dictionary = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${sides}), }`;
  const prefix = version === 1 ? 10 : 12;
  const header = `${dictionary.padEnd(Math.ceil((prefix + dictionary.length + 1) / 64) * 64 - prefix - 1)}\n`;
  const bytes = Buffer.alloc(prefix + header.length + values.length);
  bytes.write("\x93NUMPY", 0, "latin1");
  bytes[6] = version;
  if (version === 1) bytes.writeUInt16LE(header.length, 8);
  else bytes.writeUInt32LE(header.length, 8);
  bytes.write(header, prefix, "latin1");
  bytes.set(values, prefix + header.length);
  return new Uint8Array(bytes);
}

/** Raw little-endian bytes of a typed array. */
export function rawBytes(values: Uint8Array | Uint16Array | Int32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
