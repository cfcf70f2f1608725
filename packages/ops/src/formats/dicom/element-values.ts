import type { DataElement, DataSet } from "./read-data-set.ts";
import { tags, type Tag } from "./tags.ts";
import { trimPadding } from "./trim-padding.ts";

/**
 * A text without the spaces and zeros around it; null where there is none. Letters beyond ASCII are taken for Latin-1
 * unless the data set says UTF-8.
 */
export function textOf(dataSet: DataSet, tag: Tag): string | null {
  const value = dataSet.get(tag)?.value;
  if (value === undefined) return null;
  const text = trimPadding(decodeText(value, isUtf8(dataSet)));
  return text === "" ? null : text;
}

function decodeText(value: Uint8Array, isUtf8: boolean): string {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString(isUtf8 ? "utf8" : "latin1");
}

/** PS3.3 C.12.1.1.2. */
function isUtf8(dataSet: DataSet): boolean {
  const value = dataSet.get(tags.specificCharacterSet)?.value;
  return value !== undefined && decodeText(value, false).includes("ISO_IR 192");
}

/** The first 16-bit value (VR US); null where there is none. */
export function shortOf(dataSet: DataSet, tag: Tag): number | null {
  const element = dataSet.get(tag);
  return element === undefined ? null : (shortsOf(element)[0] ?? null);
}

/** All 16-bit values, as unsigned numbers. */
export function shortsOf({ value, isLittleEndian }: DataElement): Uint16Array {
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  return Uint16Array.from({ length: value.length >> 1 }, (_, index) => view.getUint16(2 * index, isLittleEndian));
}

/** Decimal or integer strings (VR DS, IS), NaN for what is no number; empty where there are none. */
export function decimalsOf(dataSet: DataSet, tag: Tag): readonly number[] {
  const text = textOf(dataSet, tag);
  return text === null ? [] : text.split("\\").map(parseDecimal);
}

/** Characters of a decimal string: the standard allows 16, which writers of doubles exceed. */
const longestDecimal = 64;

/** `Number` also takes hexadecimal digits, `Infinity` and an empty text. The pattern takes quadratic time in a long one. */
function parseDecimal(text: string): number {
  const trimmed = trimPadding(text);
  if (trimmed.length > longestDecimal) return NaN;
  const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(trimmed) ? Number(trimmed) : NaN;
  return Number.isFinite(number) ? number : NaN;
}
