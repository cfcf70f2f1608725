import { readVr } from "./element-header.ts";
import { explicitBigEndian, explicitLittleEndian, implicitLittleEndian, type Encoding } from "./transfer-syntax.ts";

/** Where the elements begin, and of what. */
export interface DicomStart {
  readonly at: number;
  /** Of a bare data set; null where file meta information comes first and says it. */
  readonly encoding: Encoding | null;
}

const preambleLength = 128;

/** Null where the bytes are no DICOM file: neither has it the prefix of PS3.10, nor does it begin as a data set does. */
export function findStart(view: DataView): DicomStart | null {
  if (view.byteLength >= preambleLength + 4 && view.getUint32(preambleLength) === 0x4449434d) {
    return { at: preambleLength + 4, encoding: null };
  }
  if (view.byteLength < 8) return null;
  const group = view.getUint16(0, true);
  if (group === 2) return isMetaElement(view) ? { at: 0, encoding: null } : null;
  const encoding = group === 8 || group === 0x0800 ? findEncoding(view, group === 8) : null;
  return encoding === null ? null : { at: 0, encoding };
}

/** (0002,0000) to (0002,0010): group length, version, identifiers. */
function isMetaElement(view: DataView): boolean {
  return view.getUint16(2, true) <= 0x10 && hasRepresentation(view, ["UL", "OB", "UI"]);
}

/** By the first element of group 8, which is one of (0008,0000) to (0008,0020) or so: group length, character set, image type, date. */
function findEncoding(view: DataView, isLittleEndian: boolean): Encoding | null {
  if (view.getUint16(2, isLittleEndian) > 0x60) return null;
  if (hasRepresentation(view, ["UL", "CS", "DA", "DT", "TM", "UI", "SH", "LO", "SQ"])) {
    return isLittleEndian ? explicitLittleEndian : explicitBigEndian;
  }
  // No letters, but a plausible length: implicit.
  const length = view.getUint32(4, true);
  const isLength = length % 2 === 0 && length <= 256 && length <= view.byteLength - 8;
  return isLittleEndian && isLength ? implicitLittleEndian : null;
}

function hasRepresentation(view: DataView, representations: readonly string[]): boolean {
  const vr = readVr(view, 4);
  return vr !== null && representations.includes(vr);
}
