import { findSuperblock } from "./is-hdf5.ts";

/** The element type of a data set as the file itself states it. */
export type StoredType =
  | { readonly kind: "integer"; readonly size: 1 | 2 | 4 | 8; readonly isSigned: boolean }
  | { readonly kind: "float"; readonly size: 2 | 4 | 8 }
  /** One that is no plain number; the name completes "its elements are ...". */
  | { readonly kind: "other"; readonly name: string };

/**
 * Reads a data set's datatype message. h5wasm tells a type's class and size alone, which would pass 12-bit numbers in
 * two bytes for 16-bit ones, and bfloat16 for half precision.
 * Source: HDF5 File Format Specification, sections IV.A.1 (object headers) and IV.A.2.d (datatype message).
 * @param address of the object's header, counted from the superblock
 * @returns null where no such message is found
 */
export function readStoredType(bytes: Uint8Array, address: number): StoredType | null {
  const base = findSuperblock(bytes);
  if (base === null || !hasWideAddresses(bytes.subarray(base))) return null;
  const file = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), base };
  try {
    return readTypeAt(file, address, 0);
  } catch (error) {
    // Past the end of the file.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

interface FileView {
  readonly view: DataView;
  /** What addresses are counted from. */
  readonly base: number;
}

interface Message {
  readonly type: number;
  readonly isShared: boolean;
  readonly start: number;
  readonly length: number;
}

interface Block {
  readonly start: number;
  readonly end: number;
}

const messageTypes = { datatype: 3, continuation: 16 } as const;
const maxBlocks = 64;
/** "OHDR" */
const newHeaderSignature = 0x4f484452;

/** Addresses and lengths of eight bytes, which is what every writer chooses. */
function hasWideAddresses(superblock: Uint8Array): boolean {
  const at = (superblock[8] ?? 0) < 2 ? 13 : 9;
  return superblock[at] === 8 && superblock[at + 1] === 8;
}

function readTypeAt(file: FileView, address: number, depth: number): StoredType | null {
  const message = findTypeMessage(file, file.base + address);
  if (message === null) return null;
  if (!message.isShared) return parseType(file.view, message.start);
  // A type with a name of its own: the message is the address of that type's header.
  const version = file.view.getUint8(message.start);
  const isInHeader = version < 3 || file.view.getUint8(message.start + 1) === 2;
  if (depth > 0 || !isInHeader) return null;
  return readTypeAt(file, readLong(file.view, message.start + (version === 1 ? 8 : 2)), depth + 1);
}

function findTypeMessage({ view, base }: FileView, header: number): Message | null {
  const isOld = view.getUint8(header) === 1;
  if (!isOld && view.getUint32(header) !== newHeaderSignature) return null;
  const blocks = [isOld ? oldBlock(view, header) : newBlock(view, header)];
  const read = isOld ? readOldMessage : newMessageReader(view.getUint8(header + 5));
  // Continuations append to the list while it is gone through.
  for (const { start, end } of blocks) {
    for (let at = start; at + 4 <= end;) {
      const message = read(view, at);
      if (message.type === messageTypes.datatype) return message;
      if (message.type === messageTypes.continuation && blocks.length < maxBlocks) {
        blocks.push(continuedBlock(view, base, message, isOld));
      }
      at = message.start + message.length;
    }
  }
  return null;
}

function oldBlock(view: DataView, header: number): Block {
  return { start: header + 16, end: header + 16 + view.getUint32(header + 8, true) };
}

function readOldMessage(view: DataView, at: number): Message {
  const isShared = (view.getUint8(at + 4) & 2) !== 0;
  return { type: view.getUint16(at, true), isShared, start: at + 8, length: view.getUint16(at + 2, true) };
}

function newBlock(view: DataView, header: number): Block {
  const flags = view.getUint8(header + 5);
  const at = header + 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
  const width = 1 << (flags & 3);
  let length = 0;
  for (let byte = width - 1; byte >= 0; byte--) length = 256 * length + view.getUint8(at + byte);
  return { start: at + width, end: at + width + length };
}

function newMessageReader(headerFlags: number): (view: DataView, at: number) => Message {
  const prefix = headerFlags & 4 ? 6 : 4;
  return (view, at) => ({
    type: view.getUint8(at),
    isShared: (view.getUint8(at + 3) & 2) !== 0,
    start: at + prefix,
    length: view.getUint16(at + 1, true),
  });
}

/** The newer form has a signature before its messages and a checksum behind them. */
function continuedBlock(view: DataView, base: number, { start }: Message, isOld: boolean): Block {
  const from = base + readLong(view, start);
  const to = from + readLong(view, start + 8);
  return isOld ? { start: from, end: to } : { start: from + 4, end: to - 4 };
}

function parseType(view: DataView, at: number): StoredType {
  const kind = view.getUint8(at) & 0x0f;
  if (kind === 0) return parseInteger(view, at);
  if (kind === 1) return parseFloat(view, at);
  // An enumeration, such as h5py's booleans: its base type comes first.
  if (kind === 8) return parseType(view, at + 8);
  return { kind: "other", name: classNames[kind] ?? `of class ${kind}` };
}

function parseInteger(view: DataView, at: number): StoredType {
  const size = view.getUint32(at + 4, true);
  const [offset, precision] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  if (offset !== 0 || precision !== 8 * size || (size !== 1 && size !== 2 && size !== 4 && size !== 8)) {
    return { kind: "other", name: `whole numbers of ${precision} bits in ${size} bytes` };
  }
  return { kind: "integer", size, isSigned: (view.getUint8(at + 1) & 8) !== 0 };
}

/** The three formats of IEEE 754, in either byte order. */
function parseFloat(view: DataView, at: number): StoredType {
  const size = view.getUint32(at + 4, true);
  const found = [
    view.getUint8(at + 1) & 0x70,
    view.getUint8(at + 2),
    view.getUint16(at + 8, true),
    view.getUint16(at + 10, true),
    ...[12, 13, 14, 15].map((place) => view.getUint8(at + place)),
    view.getUint32(at + 16, true),
  ];
  const known = ieeeFloats.find(({ fields }) => fields.every((field, index) => field === found[index]));
  if (known?.size !== size) return { kind: "other", name: `floats of ${size} bytes in another form than IEEE 754` };
  return { kind: "float", size: known.size };
}

/**
 * Normalisation (0x20: the first digit is implied; VAX's byte order sets 0x40), where the sign lies, bit offset,
 * precision, where the exponent lies, its width, where the fraction lies, its width, the exponent's bias.
 */
const ieeeFloats = [
  { size: 2, fields: [0x20, 15, 0, 16, 10, 5, 0, 10, 15] },
  { size: 4, fields: [0x20, 31, 0, 32, 23, 8, 0, 23, 127] },
  { size: 8, fields: [0x20, 63, 0, 64, 52, 11, 0, 52, 1023] },
] as const;

const classNames: Readonly<Record<number, string>> = {
  2: "times",
  3: "texts",
  4: "bit fields",
  5: "opaque bytes",
  6: "compounds, such as complex numbers",
  7: "references, such as the cells of MATLAB",
  9: "texts or lists of variable length",
  10: "arrays",
  11: "complex numbers",
};

function readLong(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}
