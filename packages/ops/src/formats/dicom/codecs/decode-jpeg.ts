import { damagedDicom, unsupportedDicom } from "../dicom-errors.ts";
import type { DecodedFrame, FrameShape } from "./decoded-frame.ts";
import { readJpegHeader, type JpegHeader } from "./jpeg-header.ts";
import { requireShape } from "./require-shape.ts";
import { runCodec } from "./native-codecs.ts";
import { takeSamples } from "./take-samples.ts";

/**
 * JPEG with Huffman codes: baseline, extended and progressive of 8 or 12 bits, and lossless of 2 to 16 bits. Colours stay as
 * they are in the stream.
 * @throws OpError `image-damaged`, `image-unsupported`
 */
export async function decodeJpeg(stream: Uint8Array, shape: FrameShape, isLossless: boolean): Promise<DecodedFrame> {
  const { name, width, height, samples } = shape;
  const header = readJpegHeader(stream);
  if (header === null) throw damagedDicom(name, "a frame has no JPEG header as it should be");
  if ((header.process === 0xc3) !== isLossless) {
    throw damagedDicom(name, "a frame is in another JPEG process than its transfer syntax says");
  }
  requireShape({ ...header, components: header.components.length }, shape);
  requirePrecision(header, name);
  requirePlausibleLength(stream, header, shape);

  const bitsAllocated = header.bits > 8 ? 16 : 8;
  const streamShape = { width, height, samples, bitsAllocated, bits: header.bits } as const;
  const bytes = await runCodec("DecodeJpeg", stream, streamShape, (remark) => tellsDamage.test(remark));
  const values = takeSamples(bytes, bitsAllocated, width * height * samples);
  if (values === null) throw damagedDicom(name, "a frame's JPEG stream is cut short or corrupt");
  return { values, bits: header.bits, isSigned: null, colour: isLossless ? null : colourOf(header) };
}

/** The decoder goes on after these, and fills what is missing with grey. */
const tellsDamage = /Corrupt JPEG data|Premature end|Inconsistent progression/;

function requirePrecision({ bits, process }: JpegHeader, name: string): void {
  const isKnown = process === 0xc3 ? bits >= 2 && bits <= 16 : bits === 8 || (bits === 12 && process !== 0xc0);
  if (!isKnown) throw unsupportedDicom(name, `a frame's JPEG stream has samples of ${bits} bits`);
}

/**
 * Every block of 8 x 8 samples takes at least one bit, and without loss every sample does; more scans than a writer makes
 * would decode the image over and over.
 */
function requirePlausibleLength(stream: Uint8Array, { process }: JpegHeader, shape: FrameShape): void {
  const perByte = process === 0xc3 ? 8 : 8 * 64;
  const isShort = shape.width * shape.height > stream.length * perByte;
  if (isShort || countScans(stream) > maxScans) {
    throw damagedDicom(shape.name, "a frame's JPEG stream is cut short or corrupt");
  }
}

const maxScans = 100;

/** Within coded data 0xff is followed by 0. */
function countScans(stream: Uint8Array): number {
  let scans = 0;
  for (let at = stream.indexOf(0xff); at >= 0; at = stream.indexOf(0xff, at + 1)) if (stream[at + 1] === 0xda) scans++;
  return scans;
}

/** The stream knows best: headers keep what was there before compression. Only what JPEG itself leaves open is left to the header. */
function colourOf({ components, adobeTransform, hasJfif }: JpegHeader): DecodedFrame["colour"] {
  if (components.length !== 3) return null;
  if (adobeTransform !== null) return adobeTransform === 0 ? "rgb" : "ybr";
  const letters = String.fromCharCode(...components).toUpperCase();
  if (letters === "RGB") return "rgb";
  return hasJfif ? "ybr" : null;
}
