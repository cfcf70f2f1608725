import { damagedDicom } from "./dicom-errors.ts";
import {
  cutShort,
  itemEncoding,
  itemTags,
  readElementHeader,
  type DicomBytes,
  type ElementHeader,
} from "./element-header.ts";
import { isKept, isPixelData, tags, type Tag } from "./tags.ts";
import type { Encoding } from "./transfer-syntax.ts";

/** The elements that are kept (`tags`), by tag. */
export type DataSet = ReadonlyMap<Tag, DataElement>;

export interface DataElement {
  /** Two letters; null where the encoding is implicit. */
  readonly vr: string | null;
  /** Empty where there are items or fragments. */
  readonly value: Uint8Array;
  readonly isLittleEndian: boolean;
  /** Of a sequence. */
  readonly items: readonly DataSet[];
  /** Of encapsulated pixel data: the offset table, then the fragments of frames; else null. */
  readonly fragments: readonly Fragment[] | null;
}

export interface Fragment {
  /** Where its item begins, in bytes from the first item behind the offset table. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Limits on hostile headers; a whole slide of 100,000 tiles stays below them. */
const limits = { depth: 32, items: 1 << 19 } as const;

const nothing = new Uint8Array();
const emptyDataSet: DataSet = new Map();

/**
 * Reads from `at` up to the pixels, or to the end of the file where there are none. Values are views, not copies.
 * @throws OpError `image-damaged`
 */
export function readDataSet(file: DicomBytes, at: number, encoding: Encoding): DataSet {
  const reading: Reading = { file, itemsLeft: limits.items };
  return readElements(reading, { at, end: file.bytes.length, encoding, depth: 0, isWanted: true }).elements;
}

interface Reading {
  readonly file: DicomBytes;
  itemsLeft: number;
}

interface Part {
  readonly at: number;
  readonly end: number;
  readonly encoding: Encoding;
  readonly depth: number;
  /** Else it is only passed over, as it has no length. */
  readonly isWanted: boolean;
}

/** Ends at `end`, behind the pixels, or behind the delimiter of an item. */
function readElements(reading: Reading, part: Part): { readonly elements: DataSet; readonly end: number } {
  const { file } = reading;
  if (part.depth > limits.depth) throw damagedDicom(file.name, "its sequences are nested too deeply");
  let elements: Map<Tag, DataElement> | null = null;
  let { at } = part;
  while (at < part.end) {
    const header = readElementHeader(file, at, part.end, part.encoding);
    if (header.tag === itemTags.itemEnd) return { elements: elements ?? emptyDataSet, end: header.valueAt };
    const { element, end } = readElement(reading, part, header);
    at = end;
    if (element === null || !isKept(header.tag)) continue;
    elements ??= new Map();
    elements.set(header.tag, element);
    if (part.depth === 0 && isPixelData(header.tag)) break;
  }
  return { elements: elements ?? emptyDataSet, end: at };
}

interface ReadElement {
  /** Null where it was passed over. */
  readonly element: DataElement | null;
  readonly end: number;
}

function readElement(reading: Reading, part: Part, header: ElementHeader): ReadElement {
  const { tag, vr, length, valueAt } = header;
  const { isLittleEndian } = part.encoding;
  const isWanted = part.isWanted && isKept(tag);
  const about = { vr, isLittleEndian, value: nothing, items: [], fragments: null };
  if (length === null) {
    if (isPixelData(tag)) {
      // Also of an icon, which is passed over.
      const { fragments, end } = readFragments(reading.file, part, valueAt);
      return { element: isWanted ? { ...about, fragments } : null, end };
    }
    const { items, end } = readItems(reading, { ...part, at: valueAt, isWanted }, header);
    return { element: isWanted ? { ...about, items } : null, end };
  }
  const end = valueAt + length;
  if (!isWanted) return { element: null, end };
  if (isSequence(tag)) {
    const { items } = readItems(reading, { ...part, at: valueAt, end, isWanted }, header);
    return { element: { ...about, items }, end };
  }
  return { element: { ...about, value: reading.file.bytes.subarray(valueAt, end) }, end };
}

function readItems(
  reading: Reading,
  part: Part,
  sequence: ElementHeader,
): { readonly items: readonly DataSet[]; readonly end: number } {
  const { file } = reading;
  const encoding = itemEncoding(sequence, part.encoding);
  const items: DataSet[] = [];
  let { at } = part;
  while (at < part.end) {
    const { tag, length, valueAt } = readElementHeader(file, at, part.end, encoding);
    if (tag === itemTags.sequenceEnd) return { items, end: valueAt };
    if (tag !== itemTags.item)
      throw damagedDicom(file.name, "a sequence in its header holds something else than items");
    if (part.isWanted && reading.itemsLeft-- === 0) throw damagedDicom(file.name, "its sequences hold too many items");
    const inside = { ...part, at: valueAt, end: length === null ? part.end : valueAt + length, encoding };
    const item = readElements(reading, { ...inside, depth: part.depth + 1 });
    if (part.isWanted) items.push(item.elements);
    at = length === null ? item.end : inside.end;
  }
  if (sequence.length === null) throw cutShort(file.name);
  return { items, end: at };
}

/** DICOM PS3.5 section A.4. */
function readFragments(
  file: DicomBytes,
  part: Part,
  start: number,
): { readonly fragments: readonly Fragment[]; readonly end: number } {
  const fragments: Fragment[] = [];
  let firstAt: number | null = null;
  for (let at = start; ;) {
    const { tag, length, valueAt } = readElementHeader(file, at, part.end, part.encoding);
    if (tag === itemTags.sequenceEnd) return { fragments, end: valueAt };
    if (tag !== itemTags.item || length === null) {
      throw damagedDicom(file.name, "its pixels are not in fragments as they should be");
    }
    fragments.push({ offset: at - (firstAt ?? at), bytes: file.bytes.subarray(valueAt, valueAt + length) });
    at = valueAt + length;
    firstAt ??= at;
  }
}

/** By its tag, as an implicit encoding does not say it. */
function isSequence(tag: Tag): boolean {
  return sequences.has(tag);
}

const sequences: ReadonlySet<Tag> = new Set<Tag>([
  tags.planePositionSequence,
  tags.planeOrientationSequence,
  tags.modalityLutSequence,
  tags.voiLutSequence,
  tags.frameVoiLutSequence,
  tags.pixelValueTransformationSequence,
  tags.sharedFunctionalGroups,
  tags.perFrameFunctionalGroups,
]);
