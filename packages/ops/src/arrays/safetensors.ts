import { widenBrainFloats, widenHalves } from "./half-floats.ts";

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
    if (name === metadataKey) throw new Error(`A tensor cannot be called ${metadataKey}.`);
    if (data.length !== countOf(shape)) {
      throw new Error(`The tensor ${name} has ${String(data.length)} values for the shape [${shape.join(", ")}].`);
    }
    const start = end;
    end += data.byteLength;
    return [name, { dtype: dtypeOf(data), shape, data_offsets: [start, end] }] as const;
  });
  const header = Buffer.from(JSON.stringify({ [metadataKey]: metadata, ...Object.fromEntries(entries) }), "utf8");
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

/**
 * What the bytes of a safetensors file hold, in the order in which it lies there.
 * Half precision is widened to float32.
 * @throws Error where they are no whole file of tensors of types that we know
 */
export function decodeSafetensors(bytes: Uint8Array): SafetensorsFile {
  const { entries, metadata, data } = takeApart(bytes);
  let end = 0;
  const tensors = entries.map(
    ([
      name,
      {
        dtype,
        shape,
        data_offsets: [start, next],
      },
    ]) => {
      const type = types.get(dtype);
      if (type === undefined) throw new Error(`the tensor ${name} is of type ${dtype}`);
      // Without gaps and overlaps, as the format demands.
      if (start !== end || next - start !== countOf(shape) * type.itemSize) {
        throw new Error(`the tensor ${name} does not lie where its shape says`);
      }
      if (next > data.length) throw new Error(`the file is cut short in the tensor ${name}`);
      end = next;
      // A copy of its own, since views of wider types have to begin at a multiple of their width.
      return [name, { shape, data: type.read(new Uint8Array(data.subarray(start, next)).buffer) }] as const;
    },
  );
  if (end !== data.length) throw new Error("bytes follow its last tensor");
  return { tensors: new Map(tensors), metadata };
}

/** The header's key for what is no tensor. */
const metadataKey = "__metadata__";

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

interface FileParts {
  /** By where they lie: the header may list them in any order, and JSON puts names that are numbers first. */
  readonly entries: readonly (readonly [name: string, entry: HeaderEntry])[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly data: Uint8Array;
}

function takeApart(bytes: Uint8Array): FileParts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = bytes.length < 8 ? Infinity : Number(view.getBigUint64(0, true));
  if (8 + headerLength > bytes.length) throw new Error("the file is cut short, or is no safetensors file");
  const header = parseHeader(Buffer.from(bytes.buffer, bytes.byteOffset + 8, headerLength).toString("utf8"));
  const { [metadataKey]: metadata = {}, ...tensors } = header;
  const entries = Object.entries(tensors).map(([name, entry]) => [name, entryOf(name, entry)] as const);
  const ordered = entries.toSorted(([, { data_offsets: a }], [, { data_offsets: b }]) => a[0] - b[0] || a[1] - b[1]);
  if (!isRecord(metadata) || Object.values(metadata).some((text) => typeof text !== "string")) {
    throw new Error(`its ${metadataKey} are no texts`);
  }
  return { entries: ordered, metadata: metadata as Record<string, string>, data: bytes.subarray(8 + headerLength) };
}

function parseHeader(text: string): Readonly<Record<string, unknown>> {
  try {
    const header: unknown = JSON.parse(text);
    if (text.startsWith("{") && isRecord(header)) return header;
  } catch {
    // What it is instead would say nothing to anybody.
  }
  throw new Error("its header is no JSON object");
}

function entryOf(name: string, entry: unknown): HeaderEntry {
  const { dtype, shape, data_offsets: place } = isRecord(entry) ? entry : {};
  if (typeof dtype === "string" && areCounts(shape) && areCounts(place) && place.length === 2) {
    return { dtype, shape, data_offsets: [place[0]!, place[1]!] };
  }
  throw new Error(`its header does not say what the tensor ${name} is`);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function areCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((each) => Number.isSafeInteger(each) && Number(each) >= 0);
}

function countOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

interface TensorType {
  readonly itemSize: number;
  readonly read: (bytes: ArrayBuffer) => StoredTensor["data"];
}

const types: ReadonlyMap<string, TensorType> = new Map<string, TensorType>([
  ["F16", { itemSize: 2, read: (bytes) => widenHalves(new Uint16Array(bytes)) }],
  ["BF16", { itemSize: 2, read: (bytes) => widenBrainFloats(new Uint16Array(bytes)) }],
  ["F32", { itemSize: 4, read: (bytes) => new Float32Array(bytes) }],
  ["F64", { itemSize: 8, read: (bytes) => new Float64Array(bytes) }],
  ["I32", { itemSize: 4, read: (bytes) => new Int32Array(bytes) }],
  ["I64", { itemSize: 8, read: (bytes) => new BigInt64Array(bytes) }],
]);

function dtypeOf(data: StoredTensor["data"]): string {
  if (data instanceof Float32Array) return "F32";
  if (data instanceof Float64Array) return "F64";
  return data instanceof Int32Array ? "I32" : "I64";
}
