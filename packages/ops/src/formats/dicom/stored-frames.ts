import type { RawValues } from "../../images/raw-image.ts";
import { decodeJpeg } from "./codecs/decode-jpeg.ts";
import { decodeJpeg2000 } from "./codecs/decode-jpeg-2000.ts";
import { decodeJpegLs } from "./codecs/decode-jpeg-ls.ts";
import { decodeRle } from "./codecs/decode-rle.ts";
import type { DecodedFrame, FrameShape } from "./codecs/decoded-frame.ts";
import { ybrToRgb } from "./colour.ts";
import { damagedDicom, unsupportedDicom } from "./dicom-errors.ts";
import { inByteOrder, readNativeFrame, requireNativeLength } from "./native-frame.ts";
import { decodedBits, takeBits } from "./pixel-cells.ts";
import type { PixelLayout } from "./pixel-layout.ts";
import type { DataElement, DataSet } from "./read-data-set.ts";
import { splitFrames } from "./split-frames.ts";
import { tags } from "./tags.ts";
import type { FrameCodec, TransferSyntax } from "./transfer-syntax.ts";

/** A frame as it is stored: grey values, indices into a palette, or RGB (to which YBR is turned). Interleaved. */
export interface StoredFrame {
  readonly values: RawValues;
  /** How many bits whole numbers may have; more than the header says where a lossy stream does. */
  readonly bits: number;
}

export type ReadStoredFrame = (frame: number) => Promise<StoredFrame>;

/**
 * The frames of a file, each of which is decoded when it is asked for.
 * @throws OpError `image-damaged` (fewer pixels than the header says), `image-unsupported` (transfer syntax); so does the
 *   function that it gives
 */
export function storedFrames(
  dataSet: DataSet,
  pixels: DataElement,
  layout: PixelLayout,
  { name: syntax, codec }: TransferSyntax,
  name: string,
): ReadStoredFrame {
  if (codec === null) throw unsupportedDicom(name, `its transfer syntax, ${syntax}, is not one of those that are read`);
  if ((codec === "native") !== (pixels.fragments === null)) {
    throw damagedDicom(name, `its pixels are not stored as its transfer syntax, ${syntax}, says`);
  }
  if (/^YBR_[IR]CT$/.test(layout.photometric) && codec !== "jpeg-2000") {
    throw damagedDicom(name, `it says ${layout.photometric}, which is of JPEG 2000 alone`);
  }
  if (codec === "native") {
    requireNativeLength(pixels.value.length, layout, name);
    const ordered = inByteOrder(pixels, layout.cell);
    return async (frame) => readNative(ordered, frame, layout, name);
  }
  const frames = splitFrames(dataSet, pixels, layout.frames, name);
  return async (frame) => {
    const bytes = joinFragments(frames[frame]!);
    if (codec !== "fragments") return finish(await decode(bytes, codec, layout, name), codec, layout, name);
    const single = { ...layout, frames: 1 };
    requireNativeLength(bytes.length, single, name);
    return readNative({ ...pixels, value: bytes }, 0, single, name);
  };
}

export function pixelElement(dataSet: DataSet): DataElement | undefined {
  return dataSet.get(tags.pixelData) ?? dataSet.get(tags.floatPixelData) ?? dataSet.get(tags.doubleFloatPixelData);
}

function readNative(pixels: DataElement, frame: number, layout: PixelLayout, name: string): StoredFrame {
  const values = readNativeFrame(pixels, frame, layout);
  const isYbr = layout.photometric.startsWith("YBR");
  return { values: isYbr ? toRgb(values, layout, name) : values, bits: layout.cell.bitsStored };
}

async function decode(
  bytes: Uint8Array,
  codec: Exclude<FrameCodec, "native" | "fragments">,
  layout: PixelLayout,
  name: string,
): Promise<DecodedFrame> {
  const { width, height, samples, cell } = layout;
  const shape: FrameShape = { name, width, height, samples };
  switch (codec) {
    case "rle": {
      const { bitsAllocated } = cell;
      const isOdd = bitsAllocated === 1 || bitsAllocated === 64;
      if (isOdd) throw unsupportedDicom(name, `its RLE pixels are of ${bitsAllocated} bits`);
      return decodeRle(bytes, shape, bitsAllocated);
    }
    case "jpeg":
      return decodeJpeg(bytes, shape, false);
    case "jpeg-lossless":
      return decodeJpeg(bytes, shape, true);
    case "jpeg-ls":
      return decodeJpegLs(bytes, shape);
    case "jpeg-2000":
      return decodeJpeg2000(bytes, shape);
  }
}

function finish(decoded: DecodedFrame, codec: FrameCodec, layout: PixelLayout, name: string): StoredFrame {
  const { cell, photometric } = layout;
  if (cell.kind === "float") throw unsupportedDicom(name, "its floating-point pixels are compressed");
  if (decoded.bits > cell.bitsAllocated) {
    throw damagedDicom(name, `a frame has samples of ${decoded.bits} bits where its header says ${cell.bitsAllocated}`);
  }
  const counting = decodedBits(decoded, codec, cell);
  const values = takeBits(decoded.values, cell, counting);
  const colour = decoded.colour ?? (photometric.startsWith("YBR_FULL") ? "ybr" : "rgb");
  const isYbr = layout.samples === 3 && colour === "ybr";
  return { values: isYbr ? toRgb(values, layout, name) : values, bits: counting.bits };
}

function toRgb(values: RawValues, { cell, photometric }: PixelLayout, name: string): Uint8Array {
  if (!(values instanceof Uint8Array) || cell.bitsStored !== 8) {
    throw unsupportedDicom(name, `its colours, ${photometric}, are not of 8 bits`);
  }
  return ybrToRgb(values);
}

function joinFragments(fragments: readonly Uint8Array[]): Uint8Array {
  return fragments.length === 1 ? fragments[0]! : new Uint8Array(Buffer.concat(fragments));
}
