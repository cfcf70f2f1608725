import type { RawImage, RawValues } from "../../images/raw-image.ts";
import { decodeValues } from "./decode-values.ts";
import { findChunks } from "./page-chunks.ts";
import { readLayout, type PageLayout } from "./page-layout.ts";
import { readDirectories } from "./read-directories.ts";
import { rebuildPage } from "./rebuild-page.ts";
import type { TiffPage } from "./tiff-page.ts";

/** An opened TIFF file; nothing has to be closed. */
export interface Tiff {
  readonly pages: number;
  /** Of the first page; others may differ. */
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** @throws OpError `image-damaged`, `image-unsupported`, `image-too-large`, `image-many-frames` */
  readonly readPage: (index: number) => Promise<RawImage>;
}

/**
 * Opens TIFF and BigTIFF (TIFF 6.0), decoded by libvips. Pages are grey or RGB; values are whole numbers of 8, 16 or 32
 * bits, signed or not, or 32-bit floats; strips or tiles, interleaved or planar; not packed, or by LZW, Deflate, PackBits
 * or JPEG. Pages are those of the main chain, thumbnails and smaller copies among them.
 *
 * Values come as stored, bit for bit, but for two things. JPEG is lossy, and its YCbCr becomes RGB. And where a page says
 * that its lowest value is white (PhotometricInterpretation 0), a value v becomes 255 - v, or as many as its type has, so
 * that more is brighter in all images; `display` is null. Alpha is dropped, not blended. Neither an orientation nor a
 * colour profile is applied.
 * @param bytes the whole file; they must not change as long as the result is used
 * @param name how messages call the file
 * @throws OpError `image-damaged`, `image-unsupported`, `image-too-large` for what is wrong with the first page or with
 *   the file as a whole; `image-many-frames` where a page is itself a stack of images
 */
export async function openTiff(bytes: Uint8Array, name: string): Promise<Tiff> {
  const file = readDirectories(bytes, name);
  const count = file.pages.length;
  const pageAt = (index: number): TiffPage => {
    const pageName = count === 1 ? name : `Page ${index + 1} of ${name}`;
    return { name: pageName, file, index };
  };
  const { width, height, channels } = readLayout(pageAt(0));
  const readPage = async (index: number): Promise<RawImage> => {
    if (!Number.isInteger(index) || index < 0 || index >= count) {
      throw new Error(`${name} has no page ${index}; it has ${count}.`);
    }
    return decodePage(pageAt(index));
  };
  return { pages: count, width, height, channels, readPage };
}

async function decodePage(page: TiffPage): Promise<RawImage> {
  const layout = readLayout(page);
  const { planes, ...chunks } = findChunks(page, layout);
  const { width, height, channels } = layout;
  const size = { width, height, channels, display: null };
  const [all] = planes;
  if (planes.length === 1) {
    return { ...size, data: await decodeValues(rebuildPage(page, layout, chunks, all!), page.name, layout) };
  }
  // One by one: of separate planes libvips reads no tiles, and mixes up grey and alpha.
  const photometric = layout.photometric === rgb ? minIsBlack : layout.photometric;
  const grey: PageLayout = { ...layout, channels: 1, samples: 1, photometric };
  const decoded: RawValues[] = [];
  for (const parts of planes.slice(0, channels)) {
    decoded.push(await decodeValues(rebuildPage(page, grey, chunks, parts), page.name, grey));
  }
  return { ...size, data: interleave(decoded) };
}

/** Of TIFF's numbers of colour spaces. */
const rgb = 2;
const minIsBlack = 1;

function interleave(planes: readonly RawValues[]): RawValues {
  const [first] = planes;
  if (planes.length === 1) return first!;
  const Values = first!.constructor as new (length: number) => RawValues;
  const data = new Values(first!.length * planes.length);
  for (const [channel, plane] of planes.entries()) {
    for (let pixel = 0; pixel < plane.length; pixel++) data[pixel * planes.length + channel] = plane[pixel]!;
  }
  return data;
}
