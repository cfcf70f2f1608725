import { damagedDicom } from "./dicom-errors.ts";
import { implicitLittleEndian, type Encoding } from "./transfer-syntax.ts";

/** A file, or what it holds in deflated form. */
export interface DicomBytes {
  /** How messages call the file. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/** What stands before a value (DICOM PS3.5 section 7.1). */
export interface ElementHeader {
  readonly tag: number;
  /** Two letters; null where the encoding is implicit, and of items. */
  readonly vr: string | null;
  /** Of the value in bytes; null where it goes on to a delimiter. */
  readonly length: number | null;
  /** Where the value begins. */
  readonly valueAt: number;
}

/** The tags of items and their ends (PS3.5 section 7.5). */
export const itemTags = { item: 0xfffee000, itemEnd: 0xfffee00d, sequenceEnd: 0xfffee0dd } as const;

/** With two reserved bytes and a length of four (PS3.5 table 7.1-1). */
const longForms = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"]);

export function dicomBytes(name: string, { buffer, byteOffset, byteLength }: Uint8Array): DicomBytes {
  // A Buffer's slices are views, where those of its kind are copies.
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  return { name, bytes, view: new DataView(buffer, byteOffset, byteLength) };
}

/** @throws OpError `image-damaged` where the header or the value goes beyond the end */
export function readElementHeader(file: DicomBytes, at: number, end: number, encoding: Encoding): ElementHeader {
  const header = readHeader(file, at, end, encoding);
  if (header.valueAt + (header.length ?? 0) > end) throw cutShort(file.name);
  return header;
}

function readHeader(file: DicomBytes, at: number, end: number, encoding: Encoding): ElementHeader {
  const { view, name } = file;
  if (at + 8 > end) throw cutShort(name);
  const { isLittleEndian } = encoding;
  const tag = view.getUint16(at, isLittleEndian) * 0x10000 + view.getUint16(at + 2, isLittleEndian);
  const vr = hasVr(tag, encoding) ? readVr(view, at + 4) : null;
  // Also of an element without letters amid explicit ones: some writers copy such private elements as they found them.
  if (vr === null) return { tag, vr, length: readLength(view, at + 4, encoding), valueAt: at + 8 };
  if (!longForms.has(vr)) return { tag, vr, length: view.getUint16(at + 6, isLittleEndian), valueAt: at + 8 };
  if (at + 12 > end) throw cutShort(name);
  return { tag, vr, length: readLength(view, at + 8, encoding), valueAt: at + 12 };
}

function hasVr(tag: number, encoding: Encoding): boolean {
  return encoding.isExplicit && tag < itemTags.item;
}

function readLength(view: DataView, at: number, { isLittleEndian }: Encoding): number | null {
  const length = view.getUint32(at, isLittleEndian);
  return length === 0xffffffff ? null : length;
}

/** Null where there are no two capitals. */
export function readVr(view: DataView, at: number): string | null {
  const [first, second] = [view.getUint8(at), view.getUint8(at + 1)];
  const areCapitals = [first, second].every((code) => code >= 0x41 && code <= 0x5a);
  return areCapitals ? String.fromCharCode(first, second) : null;
}

/** What the items of a sequence are written in: one of unknown representation is implicit (PS3.5 section 6.2.2). */
export function itemEncoding(header: ElementHeader, encoding: Encoding): Encoding {
  return header.vr === "UN" ? implicitLittleEndian : encoding;
}

export function cutShort(name: string): Error {
  return damagedDicom(name, "it is cut short, or a length in its header is wrong");
}
