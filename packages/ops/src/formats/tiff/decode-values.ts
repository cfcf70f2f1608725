import type { Metadata, SharpOptions } from "sharp";
import type { RawValues } from "../../images/raw-image.ts";
import { maxPixels } from "../../images/decode-image.ts";
import type { PageLayout, PixelValues } from "./page-layout.ts";
import { damagedTiff, unsupportedTiff } from "./tiff-errors.ts";

/**
 * The values of a rebuilt page, without alpha.
 * @param name how messages call the page
 * @param layout what the page must be
 * @throws OpError `image-damaged`, `image-unsupported` where libvips takes the page for something else
 */
export async function decodeValues(bytes: Uint8Array, name: string, layout: PageLayout): Promise<RawValues> {
  // Loaded on first use: a program that is only checked or planned never pays for the native library.
  const { default: sharp } = await import("sharp");
  const fail = (error: unknown): never => {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw damagedTiff(name, `the file is cut short or corrupt (${reason ?? "no reason given"})`);
  };
  const options = { failOn: "warning", ignoreIcc: true, limitInputPixels: maxPixels } satisfies SharpOptions;
  const { depth, spaces, wrap } = decodings[layout.values];
  const space = spaces[layout.channels === 1 ? 0 : 1];
  requireAgreement(await sharp(bytes, options).metadata().catch(fail), { name, layout, depth, space });
  const { data } = await sharp(bytes, options)
    .removeAlpha()
    .toColourspace(space)
    .raw({ depth })
    .toBuffer({ resolveWithObject: true })
    .catch(fail);
  const values = wrap(ownBuffer(data));
  if (values.length !== layout.width * layout.height * layout.channels) {
    throw damagedTiff(name, "its header and its pixels do not agree");
  }
  return values;
}

interface Decoding {
  readonly depth: "uchar" | "char" | "ushort" | "uint" | "int" | "float";
  /** How libvips calls grey and RGB pixels of this type. It converts nothing where it is asked for what it has. */
  readonly spaces: readonly [grey: "b-w" | "grey16", rgb: "srgb" | "rgb16" | "scrgb"];
  readonly wrap: (values: ArrayBuffer) => RawValues;
}

const decodings: Readonly<Record<PixelValues, Decoding>> = {
  uint8: { depth: "uchar", spaces: ["b-w", "srgb"], wrap: (values) => new Uint8Array(values) },
  int8: { depth: "char", spaces: ["b-w", "srgb"], wrap: (values) => new Int8Array(values) },
  uint16: { depth: "ushort", spaces: ["grey16", "rgb16"], wrap: (values) => new Uint16Array(values) },
  // Rebuilt as unsigned.
  int16: { depth: "ushort", spaces: ["grey16", "rgb16"], wrap: (values) => new Int16Array(values) },
  uint32: { depth: "uint", spaces: ["b-w", "srgb"], wrap: (values) => new Uint32Array(values) },
  int32: { depth: "int", spaces: ["b-w", "srgb"], wrap: (values) => new Int32Array(values) },
  float32: { depth: "float", spaces: ["b-w", "scrgb"], wrap: (values) => new Float32Array(values) },
};

interface Promised {
  readonly name: string;
  readonly layout: PageLayout;
  readonly depth: string;
  readonly space: string;
}

/** Where libvips takes the page for something else, it would convert it in silence. */
function requireAgreement(metadata: Metadata, { name, layout, depth, space }: Promised): void {
  const { width, height, samples } = layout;
  const found = [metadata.width, metadata.height, metadata.channels, metadata.depth, metadata.space];
  if ([width, height, samples, depth, space].every((value, index) => value === found[index])) return;
  throw unsupportedTiff(name, `its ${layout.values} pixels are read as ${metadata.depth} in ${metadata.space}`);
}

/** Views of wider types have to begin at a multiple of their width: at the start of a buffer they do. */
function ownBuffer(data: Buffer): ArrayBuffer {
  const { buffer } = data;
  const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === data.length;
  return isWhole ? buffer : new Uint8Array(data).buffer;
}
