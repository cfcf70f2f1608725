import { OpError } from "../../op-error.ts";
import { maxPixels } from "../../images/decode-image.ts";
import { tags } from "./read-directories.ts";
import { refuseStack } from "./stacked-page.ts";
import { unsupportedTiff } from "./tiff-errors.ts";
import { fieldOf, type TiffPage } from "./tiff-page.ts";

/** What a page's pixels are. */
export interface PageLayout {
  readonly width: number;
  readonly height: number;
  /** Without alpha. */
  readonly channels: 1 | 3;
  /** With alpha. */
  readonly samples: number;
  readonly values: PixelValues;
  readonly bits: number;
  /** The numbers of TIFF. */
  readonly compression: number;
  readonly photometric: number;
}

export type PixelValues = "uint8" | "int8" | "uint16" | "int16" | "uint32" | "int32" | "float32";

/** Pages of more bytes than this are refused before anything of them is decoded. */
export const maxPageBytes = 2 ** 30;
/** LZW, the most effective on one value alone, reaches less. */
const largestGrowth = 3000;

/**
 * Reads what a page says of itself, and refuses what libvips would change in silence: 16-bit floats, premultiplied
 * alpha, bits in reverse.
 * @throws OpError `image-unsupported`, `image-too-large` (too many pixels, or more than the file can hold), `image-damaged`,
 *   `image-many-frames` (a stack)
 */
export function readLayout(page: TiffPage): PageLayout {
  const { name } = page;
  const first = (tag: number, missing: number): number => fieldOf(page, tag)[0] ?? missing;
  const compression = first(tags.compression, 1);
  if (!compressions.has(compression)) throw unsupportedTiff(name, `it is packed by method ${compression}`);
  if (first(tags.fillOrder, 1) !== 1) throw unsupportedTiff(name, "the bits of its bytes are in reverse (FillOrder)");
  const samples = first(tags.samplesPerPixel, 1);
  const { values, bits } = valuesOf(page, samples);
  const photometric = first(tags.photometric, NaN);
  const channels = channelsOf(photometric, name, { values, isJpeg: compression === jpeg });
  requireAlpha(page, samples - channels);
  const [width, height] = [first(tags.width, 0), first(tags.height, 0)];
  const layout: PageLayout = { width, height, channels, samples, values, bits, compression, photometric };
  refuseSize(layout, page);
  refuseStack(layout, page);
  return layout;
}

/** TIFF's number of JPEG compression. */
export const jpeg = 7;
/** None, LZW, JPEG, Deflate, PackBits, Deflate by its older number. */
const compressions: ReadonlySet<number> = new Set([1, 5, jpeg, 8, 32773, 32946]);

function valuesOf(page: TiffPage, samples: number): { readonly values: PixelValues; readonly bits: number } {
  // One value stands for all samples, or there is one for each.
  const perSample = (tag: number): readonly number[] => [...new Set(fieldOf(page, tag).slice(0, samples))];
  const [bits = 1, ...otherBits] = perSample(tags.bitsPerSample);
  const [format = 1, ...otherFormats] = perSample(tags.sampleFormat);
  if (otherBits.length + otherFormats.length > 0)
    throw unsupportedTiff(page.name, "its channels are of different types");
  const kind = formats[format] ?? `format ${format}`;
  const found = pixelValues.find((values) => values === `${kind}${bits}`);
  if (found === undefined) throw unsupportedTiff(page.name, `its values are ${bits}-bit ${kind}`);
  return { values: found, bits };
}

const formats: Readonly<Record<number, string>> = { 1: "uint", 2: "int", 3: "float" };
const pixelValues: readonly PixelValues[] = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32"];

function channelsOf(
  photometric: number,
  name: string,
  { values, isJpeg }: { readonly values: PixelValues; readonly isJpeg: boolean },
): 1 | 3 {
  if (isJpeg && values !== "uint8") throw unsupportedTiff(name, `JPEG holds no ${values}`);
  // TIFF 6.0 defines which value is black for unsigned ones alone.
  if (photometric === 0 && values.startsWith("u")) return 1;
  if (photometric === 0) throw unsupportedTiff(name, `its lowest value is white, but its values are ${values}`);
  if (photometric === 1) return 1;
  if (photometric === 2 || (photometric === 6 && isJpeg)) return 3;
  throw unsupportedTiff(name, `its colours are ${colours[photometric] ?? "not named in a known way"}`);
}

const colours: Readonly<Record<number, string>> = {
  3: "those of a palette",
  4: "a mask",
  5: "CMYK",
  6: "YCbCr without JPEG",
  8: "CIE L*a*b*",
  32803: "a colour filter array",
};

/** One sample more than the colours need is alpha, if it says so. */
function requireAlpha(page: TiffPage, extra: number): void {
  const [kind] = fieldOf(page, tags.extraSamples);
  if (extra === 0 || (extra === 1 && kind === alphaKinds.separate)) return;
  const isPremultiplied = extra === 1 && kind === alphaKinds.premultiplied;
  throw unsupportedTiff(
    page.name,
    isPremultiplied
      ? "its colours are premultiplied by alpha"
      : "its number of channels is neither that of its colours nor one more for alpha",
  );
}

const alphaKinds = { premultiplied: 1, separate: 2 } as const;

function refuseSize({ width, height, samples, bits, compression }: PageLayout, { name, file }: TiffPage): void {
  if (!(width > 0 && height > 0)) throw unsupportedTiff(name, `it has ${width} x ${height} pixels`);
  const bytes = (width * height * samples * bits) / 8;
  const limit = Math.min(maxPageBytes, file.bytes.length * (compression === 1 ? 1 : largestGrowth));
  if (width * height <= maxPixels && bytes <= limit) return;
  throw new OpError(
    "image-too-large",
    `${name} claims ${width} x ${height} pixels, which is more than the file can hold or than is read.`,
    `At most ${maxPixels} pixels and ${maxPageBytes} bytes are read of a page: resize it, or fetch the file again.`,
  );
}
