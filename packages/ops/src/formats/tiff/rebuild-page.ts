import type { PageChunks, Part } from "./page-chunks.ts";
import type { PageLayout } from "./page-layout.ts";
import { tags } from "./read-directories.ts";
import { unsupportedTiff } from "./tiff-errors.ts";
import { fieldOf, type TiffPage } from "./tiff-page.ts";

/**
 * A classic TIFF file of one page alone, with the fields that say how its pixels are decoded and no others: libvips sees
 * what was checked and nothing else. Of a file of many pages it would count all, for every page anew; a colour profile, an
 * orientation or a private field cannot change a pixel.
 *
 * Signed 16-bit values are declared unsigned, since sharp makes 0 of negative ones. The bits are the same, also under a
 * predictor, which adds without regard to signs.
 * @param layout of what is rebuilt: of one plane, that of a grey page
 * @param parts the strips or tiles of what is rebuilt
 * @throws OpError `image-unsupported` (an unknown predictor)
 */
export function rebuildPage(page: TiffPage, layout: PageLayout, chunks: ChunkSize, parts: readonly Part[]): Uint8Array {
  const fields = fieldsOf(page, layout, { ...chunks, parts });
  const { file } = page;
  const dataStart = placeFields(fields);
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, dataStart));
  const offsets: number[] = [];
  let at = dataStart;
  for (const { offset, length } of parts) {
    bytes.set(file.bytes.subarray(offset, offset + length), at);
    offsets.push(at);
    at += length;
  }
  const place = chunks.isTiled ? tags.tileOffsets : tags.stripOffsets;
  const placed = fields.map((field) => (field.tag === place ? { ...field, values: offsets } : field));
  writeHeader(new DataView(bytes.buffer), placed, file.isLittleEndian);
  return bytes;
}

type ChunkSize = Omit<PageChunks, "planes">;

interface Chunks extends ChunkSize {
  readonly parts: readonly Part[];
}

interface Field {
  readonly tag: number;
  readonly type: keyof typeof typeNumbers;
  readonly values: readonly number[];
}

const typeNumbers = { short: 3, long: 4, bytes: 7 } as const;
const typeSizes = { short: 2, long: 4, bytes: 1 } as const;
const headerLength = 8;
const maxTables = 65_536;

/** In ascending order, as TIFF demands. */
function fieldsOf(page: TiffPage, layout: PageLayout, chunks: Chunks): readonly Field[] {
  const { width, height, samples, bits, values } = layout;
  const each = (value: number): readonly number[] => Array.from({ length: samples }, () => value);
  const format = values === "int16" || values.startsWith("u") ? 1 : values.startsWith("i") ? 2 : 3;
  const fields: Field[] = [
    { tag: tags.width, type: "long", values: [width] },
    { tag: tags.height, type: "long", values: [height] },
    { tag: tags.bitsPerSample, type: "short", values: each(bits) },
    { tag: tags.compression, type: "short", values: [layout.compression] },
    { tag: tags.photometric, type: "short", values: [layout.photometric] },
    { tag: tags.samplesPerPixel, type: "short", values: [samples] },
    { tag: tags.planarConfiguration, type: "short", values: [1] },
    { tag: tags.extraSamples, type: "short", values: samples > layout.channels ? [2] : [] },
    { tag: tags.sampleFormat, type: "short", values: each(format) },
    ...chunkFields(chunks),
    ...decoderFields(page),
  ];
  return fields.filter((field) => field.values.length > 0).sort((a, b) => a.tag - b.tag);
}

/** Where the parts lie is filled in when they are laid down. */
function chunkFields({ isTiled, width, height, parts }: Chunks): readonly Field[] {
  const lengths = parts.map((part) => part.length);
  const places = parts.map(() => 0);
  if (!isTiled) {
    return [
      { tag: tags.stripOffsets, type: "long", values: places },
      { tag: tags.rowsPerStrip, type: "long", values: [height] },
      { tag: tags.stripByteCounts, type: "long", values: lengths },
    ];
  }
  return [
    { tag: tags.tileWidth, type: "long", values: [width] },
    { tag: tags.tileHeight, type: "long", values: [height] },
    { tag: tags.tileOffsets, type: "long", values: places },
    { tag: tags.tileByteCounts, type: "long", values: lengths },
  ];
}

function decoderFields(page: TiffPage): readonly Field[] {
  const predictor = fieldOf(page, tags.predictor);
  if (![undefined, 1, 2, 3].includes(predictor[0])) {
    throw unsupportedTiff(page.name, `its predictor is ${String(predictor[0])}`);
  }
  return [
    { tag: tags.predictor, type: "short", values: predictor.slice(0, 1) },
    { tag: tags.jpegTables, type: "bytes", values: fieldOf(page, tags.jpegTables, maxTables) },
    { tag: tags.chromaSubsampling, type: "short", values: fieldOf(page, tags.chromaSubsampling, 2) },
  ];
}

/** Where the pixels begin: behind the directory and the values that have no room in it. */
function placeFields(fields: readonly Field[]): number {
  const outside = fields.map(lengthOf).filter((length) => length > 4);
  return outside.reduce((sum, length) => sum + even(length), directoryEnd(fields));
}

function directoryEnd(fields: readonly Field[]): number {
  return headerLength + 2 + 12 * fields.length + 4;
}

function lengthOf({ type, values }: Field): number {
  return typeSizes[type] * values.length;
}

/** TIFF wants values at even places. */
function even(length: number): number {
  return length + (length % 2);
}

function writeHeader(view: DataView, fields: readonly Field[], isLittleEndian: boolean): void {
  view.setUint16(0, isLittleEndian ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, isLittleEndian);
  view.setUint32(4, headerLength, isLittleEndian);
  view.setUint16(headerLength, fields.length, isLittleEndian);
  let outside = directoryEnd(fields);
  for (const [index, field] of fields.entries()) {
    const entry = headerLength + 2 + 12 * index;
    view.setUint16(entry, field.tag, isLittleEndian);
    view.setUint16(entry + 2, typeNumbers[field.type], isLittleEndian);
    view.setUint32(entry + 4, field.values.length, isLittleEndian);
    const length = lengthOf(field);
    if (length > 4) view.setUint32(entry + 8, outside, isLittleEndian);
    writeValues(view, field, { at: length > 4 ? outside : entry + 8, isLittleEndian });
    if (length > 4) outside += even(length);
  }
}

function writeValues(
  view: DataView,
  { type, values }: Field,
  { at, isLittleEndian }: { readonly at: number; readonly isLittleEndian: boolean },
): void {
  for (const [index, value] of values.entries()) {
    const place = at + index * typeSizes[type];
    if (type === "bytes") view.setUint8(place, value);
    else if (type === "short") view.setUint16(place, value, isLittleEndian);
    else view.setUint32(place, value, isLittleEndian);
  }
}
