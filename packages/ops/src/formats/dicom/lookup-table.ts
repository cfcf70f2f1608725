import { shortsOf } from "./element-values.ts";
import type { DataElement, DataSet } from "./read-data-set.ts";
import type { Tag } from "./tags.ts";

/** A table of DICOM PS3.3 C.11.1.1.1, C.11.2.1.1 or C.7.6.3.1.5: lower values take its first entry, higher ones its last. */
export interface LookupTable {
  /** The first value that is mapped. */
  readonly firstMapped: number;
  readonly entries: Uint16Array;
  /** Of an entry, as the descriptor says it. */
  readonly bits: number;
}

export interface TableDescriptor {
  readonly count: number;
  readonly firstMapped: number;
  readonly bits: number;
}

/**
 * Null where there is none, or it is garbled.
 * @param mapsSigned whether the values that go in may be negative, for a header that does not say it
 */
export function readTable(dataSet: DataSet, descriptorTag: Tag, dataTag: Tag, mapsSigned: boolean): LookupTable | null {
  const descriptor = readDescriptor(dataSet, descriptorTag, mapsSigned);
  const data = dataSet.get(dataTag);
  if (descriptor === null || data === undefined) return null;
  const { count, firstMapped, bits } = descriptor;
  const entries = readEntries(data, count);
  const areInRange = entries?.every((entry) => entry < 2 ** bits) ?? false;
  return entries !== null && areInRange ? { firstMapped, entries, bits } : null;
}

export function readDescriptor(dataSet: DataSet, tag: Tag, mapsSigned: boolean): TableDescriptor | null {
  const element = dataSet.get(tag);
  if (element === undefined) return null;
  const [count, first, bits] = shortsOf(element);
  if (count === undefined || first === undefined || bits === undefined || bits < 1 || bits > 16) return null;
  const isSigned = element.vr === "SS" || (element.vr !== "US" && mapsSigned);
  // A table of 65536 entries, which 16 bits cannot say.
  return { count: count === 0 ? 65536 : count, firstMapped: isSigned ? (first << 16) >> 16 : first, bits };
}

/** Of 16 bits each, or of 8 where there is just the room for that. */
function readEntries(data: DataElement, count: number): Uint16Array | null {
  const { value, isLittleEndian, vr } = data;
  if (value.length >= 2 * count) return shortsOf(data).subarray(0, count);
  if (value.length < count) return null;
  const isSwapped = !isLittleEndian && vr === "OW";
  return Uint16Array.from({ length: count }, (_, index) => value[isSwapped ? index ^ 1 : index]!);
}
