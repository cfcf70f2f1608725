import { OpError } from "../op-error.ts";

/** From an artifact to the bytes that the store keeps, and back. Equal values give equal bytes on every machine. */
export interface ArtifactCodec<T> {
  encode(value: T): Uint8Array;
  /** @throws OpError `artifact-damaged` where the bytes are not a whole artifact of this kind */
  decode(bytes: Uint8Array): T;
}

/** What a document's fields may hold: plain data, finite numbers. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [name: string]: Json;
}

export type DocumentArray = Uint8Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array;

/**
 * The container that every kind of artifact is stored in: plain fields beside named arrays of numbers.
 *
 * Bytes: magic `EXPDOC` and two digits of format version (8 bytes); length of the header (uint32) and four zero bytes; the
 * header as JSON in UTF-8 with sorted keys, filled up with spaces to a multiple of 8; then each array in the order of the
 * header (sorted by name), little-endian, filled up with zeros to a multiple of 8.
 */
export interface ArtifactDocument {
  /** The artifact's kind, e.g. `dataset`. */
  readonly kind: string;
  readonly fields: JsonObject;
  readonly arrays: Readonly<Record<string, DocumentArray>>;
}

const magic = "EXPDOC01";
const prefixLength = 16;

/** @throws Error where a number among the fields is not finite: it has no spelling in JSON (keep such values in an array) */
export function encodeDocument(document: ArtifactDocument): Uint8Array {
  const names = Object.keys(document.arrays).sort(compareCodeUnits);
  const arrays = names.map((name) => document.arrays[name]!);
  const listing = arrays.map((array, index) => ({
    length: array.length,
    name: names[index] ?? "",
    type: typeOf(array),
  }));
  const header = sortedJson({ arrays: listing, fields: document.fields, kind: document.kind });
  const headerLength = header.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0);

  const headerEnd = prefixLength + padded(headerLength);
  const bytes = new Uint8Array(arrays.reduce((end, array) => end + padded(array.byteLength), headerEnd));
  bytes.set(new TextEncoder().encode(magic), 0);
  new DataView(bytes.buffer).setUint32(8, headerLength, true);
  bytes.fill(0x20, prefixLength, headerEnd);
  header.reduce(
    (start, piece) => start + new TextEncoder().encodeInto(piece, bytes.subarray(start)).written,
    prefixLength,
  );
  let offset = headerEnd;
  for (const array of arrays) {
    const values = bytes.subarray(offset, offset + array.byteLength);
    values.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    swapOnBigEndianHosts(values, array.BYTES_PER_ELEMENT);
    offset += padded(array.byteLength);
  }
  return bytes;
}

/**
 * The arrays are copies: they share no memory with `bytes`.
 * @throws OpError `artifact-damaged` where the bytes are cut short, carry something else, or are of another kind
 */
export function decodeDocument(kind: string, bytes: Uint8Array): ArtifactDocument {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < prefixLength) throw damagedArtifact(kind, `it ends after ${String(bytes.length)} bytes`);
  if (asciiOf(bytes.subarray(0, magic.length)) !== magic)
    throw damagedArtifact(kind, `it does not begin with ${magic}`);
  const headerLength = view.getUint32(8, true);
  const headerEnd = prefixLength + padded(headerLength);
  if (headerEnd > bytes.length) throw damagedArtifact(kind, "it ends inside its header");

  const header = parseHeader(kind, bytes.subarray(prefixLength, prefixLength + headerLength));
  if (header.kind !== kind)
    throw damagedArtifact(kind, `its header says that it is of kind ${JSON.stringify(header.kind)}`);
  const arrays: Record<string, DocumentArray> = {};
  let offset = headerEnd;
  for (const { name, type, length } of header.arrays) {
    const byteLength = length * elementTypes[type].BYTES_PER_ELEMENT;
    if (offset + padded(byteLength) > bytes.length) throw damagedArtifact(kind, `it ends inside its array "${name}"`);
    const values = bytes.slice(offset, offset + byteLength);
    swapOnBigEndianHosts(values, elementTypes[type].BYTES_PER_ELEMENT);
    arrays[name] = new elementTypes[type](values.buffer, values.byteOffset, length);
    offset += padded(byteLength);
  }
  if (offset !== bytes.length) {
    throw damagedArtifact(kind, `it has ${String(bytes.length)} bytes where its header speaks of ${String(offset)}`);
  }
  return { kind, fields: header.fields, arrays };
}

/** The error of every decoder: `problem` completes "The stored KIND cannot be read: ...". */
export function damagedArtifact(kind: string, problem: string): OpError {
  return new OpError(
    "artifact-damaged",
    `The stored ${kind} cannot be read: ${problem}.`,
    "Check the store with `exp cache verify`; what is damaged there is computed again on the next run.",
  );
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const elementTypes = {
  uint8: Uint8Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

type ElementType = keyof typeof elementTypes;

interface DocumentHeader {
  readonly kind: Json | undefined;
  readonly fields: JsonObject;
  readonly arrays: readonly { readonly name: string; readonly type: ElementType; readonly length: number }[];
}

function parseHeader(kind: string, bytes: Uint8Array): DocumentHeader {
  let header: Json;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as Json;
  } catch {
    throw damagedArtifact(kind, "its header is not JSON");
  }
  if (!isJsonObject(header) || !isJsonObject(header["fields"]) || !isList(header["arrays"])) {
    throw damagedArtifact(kind, "its header lacks `fields` or `arrays`");
  }
  const arrays = header["arrays"].map((entry) => {
    const { name, type, length } = isJsonObject(entry) ? entry : {};
    if (typeof name !== "string" || !isElementType(type) || !isLength(length)) {
      throw damagedArtifact(kind, "its header lists an array without a name, a known element type or a length");
    }
    return { name, type, length };
  });
  return { kind: header["kind"], fields: header["fields"], arrays };
}

function isElementType(value: Json | undefined): value is ElementType {
  return typeof value === "string" && Object.hasOwn(elementTypes, value);
}

function isLength(value: Json | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function typeOf(array: DocumentArray): ElementType {
  const found = (Object.keys(elementTypes) as ElementType[]).find((type) => array instanceof elementTypes[type]);
  if (found === undefined)
    throw new Error("An artifact's arrays are of uint8, uint16, int32, uint32, float32 or float64.");
  return found;
}

/**
 * JSON with one spelling per value: keys sorted by UTF-16 code unit, no white space, -0 as 0. In pieces, as the columns of a
 * large data set are megabytes each, which are not to be held once more as one text.
 */
function sortedJson(value: Json | undefined): readonly string[] {
  if (value === undefined) throw new Error("An artifact's field is undefined, which has no spelling.");
  if (typeof value === "number") {
    if (!Number.isFinite(value))
      throw new Error(`The number ${String(value)} has no spelling in an artifact's fields.`);
    return [JSON.stringify(value === 0 ? 0 : value)];
  }
  if (isList(value)) {
    if (value.every((item) => typeof item === "string")) return [JSON.stringify(value)];
    return [`[${value.map((item) => sortedJson(item).join("")).join(",")}]`];
  }
  if (!isJsonObject(value)) return [JSON.stringify(value)];
  const names = Object.keys(value).sort(compareCodeUnits);
  const members = names.flatMap((name, index) => [
    `${index === 0 ? "" : ","}${JSON.stringify(name)}:`,
    ...sortedJson(value[name]),
  ]);
  return ["{", ...members, "}"];
}

function compareCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function padded(length: number): number {
  return Math.ceil(length / 8) * 8;
}

function asciiOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function swapOnBigEndianHosts(values: Uint8Array, elementSize: number): void {
  const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
  if (isLittleEndian || elementSize === 1) return;
  for (let start = 0; start < values.length; start += elementSize)
    values.subarray(start, start + elementSize).reverse();
}
