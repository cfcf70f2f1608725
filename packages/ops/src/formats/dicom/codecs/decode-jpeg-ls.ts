import { damagedDicom } from "../dicom-errors.ts";
import type { DecodedFrame, FrameShape } from "./decoded-frame.ts";
import { decodeScan } from "./jpeg-ls/decode-scan.ts";
import { readJpegLsStream } from "./jpeg-ls/stream.ts";
import { requireShape } from "./require-shape.ts";

/**
 * JPEG-LS (ISO/IEC 14495-1), lossless or near-lossless, of 2 to 16 bits.
 *
 * Written here since CharLS, up to 2.4.4, goes on for half a minute at some garbled samples; in no time it reads the same.
 * @throws OpError `image-damaged`
 */
export function decodeJpegLs(bytes: Uint8Array, shape: FrameShape): DecodedFrame {
  const { name, width, height, samples } = shape;
  const stream = readJpegLsStream(bytes);
  if (stream === null) throw damagedDicom(name, "a frame has no JPEG-LS header as it should be");
  requireShape(stream, shape);
  const values = new (stream.bits > 8 ? Uint16Array : Uint8Array)(width * height * samples);
  let first = 0;
  for (const scan of stream.scans) {
    const isWhole =
      first + scan.components <= samples && decodeScan(scan, width, height, { values, first, stride: samples });
    if (!isWhole) break;
    first += scan.components;
  }
  if (first !== samples) throw damagedDicom(name, "a frame's JPEG-LS stream is cut short or corrupt");
  return { values, bits: stream.bits, isSigned: null, colour: null };
}
