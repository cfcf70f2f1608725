import { damagedDicom } from "../dicom-errors.ts";
import type { DecodedFrame, FrameShape } from "./decoded-frame.ts";

/**
 * RLE Lossless (DICOM PS3.5 annex G): a segment for each byte of each sample, the highest byte first.
 * @throws OpError `image-damaged`
 */
export function decodeRle(frame: Uint8Array, shape: FrameShape, bitsAllocated: 8 | 16 | 32): DecodedFrame {
  const { name, width, height, samples } = shape;
  const bytesPerSample = bitsAllocated / 8;
  const segments = readSegments(frame, samples * bytesPerSample);
  if (segments === null) throw damagedDicom(name, "a frame's RLE segments are not those of its header");

  const pixels = width * height;
  // Two bytes make 128 at most.
  const isShort = segments.some((segment) => segment.length * 64 < pixels);
  if (isShort) throw damagedDicom(name, "a frame's RLE data are cut short or corrupt");
  const bytes = new Uint8Array(pixels * samples * bytesPerSample);
  for (const [index, segment] of segments.entries()) {
    const sample = Math.floor(index / bytesPerSample);
    // Highest byte first in the file, lowest first in memory.
    const byte = bytesPerSample - 1 - (index % bytesPerSample);
    const isWhole = unpack(segment, bytes, sample * bytesPerSample + byte, samples * bytesPerSample);
    if (!isWhole) throw damagedDicom(name, "a frame's RLE data are cut short or corrupt");
  }
  return { values: valuesOf(bytes, bitsAllocated), bits: bitsAllocated, isSigned: null, colour: null };
}

const headerLength = 64;

/** Null where their number or their offsets are not as they should be. */
function readSegments(frame: Uint8Array, count: number): readonly Uint8Array[] | null {
  if (frame.length < headerLength) return null;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (view.getUint32(0, true) !== count) return null;
  const starts = Array.from({ length: count }, (_, index) => view.getUint32(4 + 4 * index, true));
  const ends = [...starts.slice(1), frame.length];
  const areOrdered = starts[0]! >= headerLength && starts.every((start, index) => start <= ends[index]!);
  return areOrdered ? starts.map((start, index) => frame.subarray(start, ends[index])) : null;
}

/**
 * Unpacks a segment to every `stride`th byte (PS3.5 G.3.2); false where it does not fill them all. A run may go beyond the
 * last pixel: some writers pad.
 */
function unpack(segment: Uint8Array, target: Uint8Array, start: number, stride: number): boolean {
  let at = 0;
  let to = start;
  while (to < target.length) {
    if (at + 1 >= segment.length) return false;
    const control = segment[at++]!;
    if (control === 128) continue;
    const isRun = control > 128;
    const length = isRun ? 257 - control : control + 1;
    if (!isRun && at + length > segment.length) return false;
    for (let index = 0; index < length && to < target.length; index++, to += stride) {
      target[to] = segment[isRun ? at : at + index]!;
    }
    at += isRun ? 1 : length;
  }
  return true;
}

function valuesOf(bytes: Uint8Array, bits: 8 | 16 | 32): DecodedFrame["values"] {
  switch (bits) {
    case 8:
      return bytes;
    case 16:
      return new Uint16Array(bytes.buffer);
    case 32:
      return new Uint32Array(bytes.buffer);
  }
}
