import { jpeg, maxPageBytes, type PageLayout } from "./page-layout.ts";
import { tags } from "./read-directories.ts";
import { damagedTiff, unsupportedTiff } from "./tiff-errors.ts";
import { fieldOf, type TiffPage } from "./tiff-page.ts";

/** The strips or tiles of a page, as they lie in the file. */
export interface PageChunks {
  readonly isTiled: boolean;
  /** In pixels; a strip is as wide as the page. */
  readonly width: number;
  readonly height: number;
  /** One list for all samples together, or one for each sample (PlanarConfiguration 2). */
  readonly planes: readonly (readonly Part[])[];
}

/** Where a strip or tile lies. */
export interface Part {
  readonly offset: number;
  readonly length: number;
}

/**
 * Finds all strips or tiles of a page, and checks that they lie in the file.
 * @throws OpError `image-damaged`, `image-unsupported`
 */
export function findChunks(page: TiffPage, layout: PageLayout): PageChunks {
  const { name, file } = page;
  const { partsPerPlane, planeCount, ...chunks } = gridOf(page, layout);
  const count = partsPerPlane * planeCount;
  const decoded = (chunks.width * chunks.height * layout.samples * layout.bits) / 8;
  if (!(decoded <= maxPageBytes)) throw damagedTiff(name, "its strips or tiles are larger than any page");
  // Every part takes a byte at least.
  if (!(count <= file.bytes.length)) throw damagedTiff(name, "it has more strips or tiles than bytes");
  const [offsetTag, lengthTag] = chunks.isTiled
    ? [tags.tileOffsets, tags.tileByteCounts]
    : [tags.stripOffsets, tags.stripByteCounts];
  const offsets = fieldOf(page, offsetTag, count);
  const lengths = fieldOf(page, lengthTag, count);
  if (offsets.length !== count || lengths.length !== count) throw damagedTiff(name, "a part of its pixels is missing");
  const parts = offsets.map((offset, index) => ({ offset, length: lengths[index]! }));
  requireInFile(parts, page);
  const planes = Array.from({ length: planeCount }, (_, plane) =>
    parts.slice(plane * partsPerPlane, (plane + 1) * partsPerPlane),
  );
  return { ...chunks, planes };
}

interface Grid extends Omit<PageChunks, "planes"> {
  readonly partsPerPlane: number;
  readonly planeCount: number;
}

function gridOf(page: TiffPage, { width, height, samples, compression }: PageLayout): Grid {
  const planar = fieldOf(page, tags.planarConfiguration)[0] ?? 1;
  if (planar !== 1 && planar !== 2) throw unsupportedTiff(page.name, `its planar configuration is ${planar}`);
  const isPlanar = planar === 2 && samples > 1;
  if (isPlanar && compression === jpeg) throw unsupportedTiff(page.name, "its channels are packed by JPEG one by one");
  const [tileWidth] = fieldOf(page, tags.tileWidth);
  const [tileHeight] = fieldOf(page, tags.tileHeight);
  const isTiled = tileWidth !== undefined && tileHeight !== undefined;
  const rows = Math.min(fieldOf(page, tags.rowsPerStrip)[0] ?? height, height);
  const size = isTiled ? { width: tileWidth, height: tileHeight } : { width, height: rows };
  if (!(size.width > 0 && size.height > 0)) throw damagedTiff(page.name, "its strips or tiles have no pixels");
  const partsPerPlane = Math.ceil(width / size.width) * Math.ceil(height / size.height);
  return { ...size, isTiled, partsPerPlane, planeCount: isPlanar ? samples : 1 };
}

function requireInFile(parts: readonly Part[], { name, file }: TiffPage): void {
  let sum = 0;
  for (const { offset, length } of parts) {
    if (length === 0) throw damagedTiff(name, "a part of its pixels is missing");
    if (offset + length > file.bytes.length) throw damagedTiff(name, "it is cut short");
    sum += length;
  }
  if (sum > file.bytes.length) throw damagedTiff(name, "its strips or tiles are longer than the file");
}
