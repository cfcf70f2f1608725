import { damagedTiff, unsupportedTiff } from "./tiff-errors.ts";
import { isTiff } from "./is-tiff.ts";

/** A file taken apart into its pages; of values, only those that are asked for are read. */
export interface TiffDirectories {
  readonly bytes: Uint8Array;
  readonly isLittleEndian: boolean;
  /** Each page's fields, by the numbers of their tags: those of `tags`, where they are whole numbers or text. */
  readonly pages: readonly ReadonlyMap<number, TiffField>[];
}

/** Where a field's values lie. */
export interface TiffField {
  readonly start: number;
  /** Bytes of a value: 1, 2, 4 or 8. */
  readonly size: number;
  readonly count: number;
}

/** Source: TIFF 6.0, sections 8, 14, 15, 18, 19, 21; for the tables of JPEG Technical Note 2, for ImageDepth libtiff. */
export const tags = {
  width: 256,
  height: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  imageDescription: 270,
  stripOffsets: 273,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  planarConfiguration: 284,
  predictor: 317,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileByteCounts: 325,
  extraSamples: 338,
  sampleFormat: 339,
  jpegTables: 347,
  chromaSubsampling: 530,
  imageDepth: 32997,
} as const;

/**
 * Goes through the chain of directories of a TIFF or BigTIFF file, one per page.
 * @throws OpError `image-unsupported` (no TIFF file, or of more than 65536 pages), `image-damaged` (the chain leads out of
 *   the file or in a circle)
 */
export function readDirectories(bytes: Uint8Array, name: string): TiffDirectories {
  if (!isTiff(bytes)) throw unsupportedTiff(name, "it is no TIFF file");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isLittleEndian = bytes[0] === 0x49;
  try {
    const isBig = view.getUint16(2, isLittleEndian) === 43;
    return { bytes, isLittleEndian, pages: followChain({ view, isLittleEndian, isBig }, name) };
  } catch (error) {
    // Past the end of the file.
    if (error instanceof RangeError) throw damagedTiff(name, "it is cut short");
    throw error;
  }
}

/**
 * A field's values; none where the page does not have it.
 * @param limit how many are read at most
 * @throws OpError `image-damaged` where they lie past the end of the file
 */
export function readValues(
  { bytes, isLittleEndian }: TiffDirectories,
  field: TiffField | undefined,
  { name, limit }: { readonly name: string; readonly limit: number },
): readonly number[] {
  if (field === undefined) return [];
  const { start, size, count } = field;
  const length = Math.min(count, limit);
  if (start + length * size > bytes.length) throw damagedTiff(name, "it is cut short");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length }, (_, index) => readValue({ view, isLittleEndian }, start + index * size, size));
}

const maxPages = 65_536;

/** Classic TIFF and BigTIFF differ in nothing but the width of counts and places. */
interface Form {
  readonly view: DataView;
  readonly isLittleEndian: boolean;
  readonly isBig: boolean;
}

function followChain(form: Form, name: string): TiffDirectories["pages"] {
  const pages: ReadonlyMap<number, TiffField>[] = [];
  const seen = new Set<number>();
  let place = readPlace(form, form.isBig ? 8 : 4);
  let length = 0;
  while (place !== 0) {
    if (seen.has(place)) throw damagedTiff(name, "its pages go in a circle");
    if (pages.length === maxPages) throw unsupportedTiff(name, `it has more than ${maxPages} pages`);
    seen.add(place);
    const entries = countEntries(form, place);
    length += entries * entryLength(form);
    // Directories that share their bytes could be many, and each of them long.
    if (length > form.view.byteLength) throw damagedTiff(name, "its directories are longer than the file");
    pages.push(readDirectory(form, place, entries));
    place = readPlace(form, firstEntry(form, place) + entries * entryLength(form));
  }
  if (pages.length === 0) throw damagedTiff(name, "it has no pages");
  return pages;
}

function countEntries(form: Form, place: number): number {
  return form.isBig ? readPlace(form, place) : form.view.getUint16(place, form.isLittleEndian);
}

function firstEntry({ isBig }: Form, place: number): number {
  return place + (isBig ? 8 : 2);
}

function entryLength({ isBig }: Form): number {
  return isBig ? 20 : 12;
}

function readDirectory(form: Form, place: number, entries: number): ReadonlyMap<number, TiffField> {
  const directory = new Map<number, TiffField>();
  for (let entry = 0; entry < entries; entry++) {
    const at = firstEntry(form, place) + entry * entryLength(form);
    const tag = form.view.getUint16(at, form.isLittleEndian);
    // The first of several, as libtiff has it; of descriptions the last, where tifffile puts its own behind the user's.
    if (!wantedTags.has(tag) || (directory.has(tag) && tag !== tags.imageDescription)) continue;
    const field = readField(form, at);
    if (field !== null) directory.set(tag, field);
  }
  return directory;
}

/** Null for values that are neither whole numbers nor text. */
function readField(form: Form, at: number): TiffField | null {
  const { view, isLittleEndian, isBig } = form;
  const size = sizes.get(view.getUint16(at + 2, isLittleEndian));
  if (size === undefined) return null;
  const count = isBig ? readPlace(form, at + 4) : view.getUint32(at + 4, isLittleEndian);
  const inline = at + (isBig ? 12 : 8);
  const start = count * size <= (isBig ? 8 : 4) ? inline : readPlace(form, inline);
  return { start, size, count };
}

/** Of BYTE, ASCII, SHORT, LONG, UNDEFINED (the tables of JPEG) and LONG8. */
const sizes: ReadonlyMap<number, number> = new Map([
  [1, 1],
  [2, 1],
  [3, 2],
  [4, 4],
  [7, 1],
  [16, 8],
]);
const wantedTags: ReadonlySet<number> = new Set(Object.values(tags));

function readValue({ view, isLittleEndian }: Omit<Form, "isBig">, at: number, size: number): number {
  if (size === 1) return view.getUint8(at);
  if (size === 2) return view.getUint16(at, isLittleEndian);
  return size === 4 ? view.getUint32(at, isLittleEndian) : Number(view.getBigUint64(at, isLittleEndian));
}

function readPlace(form: Form, at: number): number {
  return readValue(form, at, form.isBig ? 8 : 4);
}
