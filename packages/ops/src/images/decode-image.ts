import type { Metadata } from "sharp";
import { OpError } from "../op-error.ts";
import type { DecodedImage } from "./decoded-image.ts";

/** Images with more pixels than this are refused before any of them is decoded. */
export const maxPixels = 268_402_689;

/**
 * Decodes a PNG or JPEG file to its stored pixels, 8- or 16-bit, grey or RGB.
 *
 * Palettes are looked up, 1-, 2- and 4-bit grey is stretched to 0..255. Alpha is dropped, not blended: the colour stored
 * under a transparent pixel is kept. Neither an EXIF orientation nor a colour profile nor a gamma is applied, so that
 * pixels are those that Pillow's `Image.open` gives.
 * @param name how messages call the image
 * @throws OpError `image-damaged` (cut short or corrupt), `image-unsupported` (another format or colour space),
 *   `image-too-large` (more than `maxPixels` pixels)
 */
export async function decodeImage(bytes: Uint8Array, name: string): Promise<DecodedImage> {
  // Loaded on first use: a program that is only checked or planned never pays for the native library.
  const { default: sharp } = await import("sharp");
  const options = { failOn: "warning", ignoreIcc: true, limitInputPixels: maxPixels } as const;
  if (!isPngOrJpeg(bytes)) throw unsupported(name, "it is neither a PNG nor a JPEG file");
  const metadata = await sharp(bytes, { ...options, limitInputPixels: false })
    .metadata()
    .catch((error: unknown) => {
      throw damaged(name, error);
    });
  const layout = pixelLayout(metadata, name);
  const decoded = await sharp(bytes, options)
    .removeAlpha()
    .toColourspace(layout.space)
    .raw({ depth: layout.depth })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw damaged(name, error);
    });

  const { width, height, channels } = decoded.info;
  if (channels !== layout.channels) {
    throw new Error(
      `Decoding ${name} gave ${String(channels)} channels where its header promised ${String(layout.channels)}.`,
    );
  }
  return { width, height, channels: layout.channels, data: valuesOf(decoded.data, layout.depth) };
}

interface PixelLayout {
  readonly channels: 1 | 3;
  readonly depth: "uchar" | "ushort";
  readonly space: "b-w" | "srgb" | "grey16" | "rgb16";
}

function pixelLayout(metadata: Metadata, name: string): PixelLayout {
  const { width, height, depth, space } = metadata;
  if (width * height > maxPixels) {
    throw new OpError(
      "image-too-large",
      `${name} has ${String(width)} x ${String(height)} pixels; at most ${String(maxPixels)} are read.`,
      "Resize the image, or cut it into tiles, before it enters a data set.",
    );
  }
  if (depth === "uchar" && space === "b-w") return { channels: 1, depth, space };
  if (depth === "uchar" && space === "srgb") return { channels: 3, depth, space };
  if (depth === "ushort" && space === "grey16") return { channels: 1, depth, space };
  if (depth === "ushort" && space === "rgb16") return { channels: 3, depth, space };
  throw unsupported(name, `its pixels are ${depth} in colour space ${space}`);
}

/** 8-bit values as they lie; 16-bit ones are copied to where their two bytes are aligned. */
function valuesOf(bytes: Uint8Array, depth: PixelLayout["depth"]): Uint8Array | Uint16Array {
  return depth === "uchar"
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint16Array(new Uint8Array(bytes).buffer);
}

/** By the first bytes. */
export function isPngOrJpeg(bytes: Uint8Array): boolean {
  const png = [0x89, 0x50, 0x4e, 0x47];
  const jpeg = [0xff, 0xd8, 0xff];
  return [png, jpeg].some((signature) => signature.every((byte, index) => bytes[index] === byte));
}

function damaged(name: string, error: unknown): OpError {
  const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
  return new OpError(
    "image-damaged",
    `${name} cannot be decoded: the file is cut short or corrupt (${reason ?? "no reason given"}).`,
    "Fetch the image again, or take it out of the data set.",
  );
}

function unsupported(name: string, reason: string): OpError {
  return new OpError(
    "image-unsupported",
    `${name} cannot be used: ${reason}.`,
    "Use PNG (8- or 16-bit) or JPEG, grey or RGB.",
  );
}
