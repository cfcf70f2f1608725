/** A tensor in a safetensors file, row-major. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array | BigInt64Array;
}

export interface SafetensorsFile {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Texts by name. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Tensors and texts as the bytes of a safetensors file, in the order given; equal files give equal bytes.
 * Source: the format's description at huggingface/safetensors, "Format".
 */
export function encodeSafetensors({ tensors, metadata }: SafetensorsFile): Uint8Array {
  let end = 0;
  const entries = [...tensors].map(([name, { shape, data }]) => {
    const start = end;
    end += data.byteLength;
    return [name, { dtype: dtypeOf(data), shape, data_offsets: [start, end] }] as const;
  });
  const header = Buffer.from(JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) }), "utf8");
  // Data begin at a multiple of 8, so that they can be read in place.
  const headerLength = Math.ceil(header.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerLength + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(0x20, 8, 8 + headerLength).set(header, 8);
  let place = 8 + headerLength;
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), place);
    place += data.byteLength;
  }
  return bytes;
}

/** @throws Error where the bytes are no whole file of tensors that we write */
export function decodeSafetensors(bytes: Uint8Array): SafetensorsFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = bytes.length < 8 ? Infinity : Number(view.getBigUint64(0, true));
  if (8 + headerLength > bytes.length) throw new Error("the file is cut short, or is no safetensors file");
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + 8, headerLength).toString("utf8");
  const { __metadata__: metadata = {}, ...entries } = JSON.parse(text) as Header;
  const data = bytes.subarray(8 + headerLength);
  let end = 0;
  const tensors = Object.entries(entries).map(([name, entry]) => {
    const [start, next] = entry.data_offsets;
    const count = entry.shape.reduce((product, size) => product * size, 1);
    const array = arrays[entry.dtype];
    if (array === undefined) throw new Error(`the tensor ${name} is of type ${entry.dtype}`);
    // Without gaps, overlaps or a reversed order, as the format demands.
    if (start !== end || next - start !== count * array.BYTES_PER_ELEMENT || next > data.length) {
      throw new Error(`the tensor ${name} does not lie where its shape says`);
    }
    end = next;
    return [name, { shape: entry.shape, data: new array(data.slice(start, next).buffer) }] as const;
  });
  return { tensors: new Map(tensors), metadata };
}

type Header = Readonly<Record<string, HeaderEntry>> & { readonly __metadata__?: Readonly<Record<string, string>> };

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

const arrays: Readonly<
  Record<
    string,
    Float32ArrayConstructor | Float64ArrayConstructor | Int32ArrayConstructor | BigInt64ArrayConstructor | undefined
  >
> = { F32: Float32Array, F64: Float64Array, I32: Int32Array, I64: BigInt64Array };

function dtypeOf(data: StoredTensor["data"]): string {
  if (data instanceof Float32Array) return "F32";
  if (data instanceof Float64Array) return "F64";
  return data instanceof Int32Array ? "I32" : "I64";
}
