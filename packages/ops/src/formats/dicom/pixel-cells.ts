import type { DecodedFrame, StoredIntegers } from "./codecs/decoded-frame.ts";
import type { PixelCell } from "./pixel-layout.ts";
import type { FrameCodec } from "./transfer-syntax.ts";

/** Which bits of each cell count. */
export interface CountingBits {
  readonly lowest: number;
  readonly bits: number;
  readonly isSigned: boolean;
}

/** DICOM PS3.5 section 8.1.1. */
export function cellBits({ bitsStored, highBit, isSigned }: PixelCell): CountingBits {
  return { lowest: highBit + 1 - bitsStored, bits: bitsStored, isSigned };
}

/**
 * What counts of a decoded frame's values depends on the codec: one without loss gives the cells back as they were, with
 * whatever else was in them; a lossy one may go beyond what the header says. Where a stream and its header differ on the
 * sign, the header is right. All of this as pydicom has it, but for what overshoots in lossy JPEG, which it wraps around.
 */
export function decodedBits({ bits }: DecodedFrame, codec: FrameCodec, cell: PixelCell): CountingBits {
  const { bitsStored, highBit, isSigned } = cell;
  const isShifted = highBit >= bitsStored && bits > highBit;
  if (codec === "rle" || isShifted) return cellBits(cell);
  switch (codec) {
    case "jpeg":
      return { lowest: 0, bits: Math.max(bitsStored, bits), isSigned };
    case "jpeg-lossless":
      return { lowest: 0, bits: bitsStored, isSigned };
    default:
      // Streams of JPEG-LS know no sign, those of JPEG 2000 may have a wrong one: it is the highest of their own bits.
      return { lowest: 0, bits, isSigned };
  }
}

/** In the smallest type that holds the cells; the same memory where all of their bits count. */
export function takeBits(cells: StoredIntegers, { bitsAllocated }: PixelCell, counting: CountingBits): StoredIntegers {
  const { lowest, bits, isSigned } = counting;
  if (bits === 8 * cells.BYTES_PER_ELEMENT && bits === bitsAllocated) return sameMemory(cells, isSigned);
  const values = emptyValues(cells.length, bitsAllocated, isSigned);
  const unused = 32 - bits;
  if (isSigned) {
    for (let index = 0; index < cells.length; index++) values[index] = ((cells[index]! >>> lowest) << unused) >> unused;
  } else {
    for (let index = 0; index < cells.length; index++)
      values[index] = ((cells[index]! >>> lowest) << unused) >>> unused;
  }
  return values;
}

function sameMemory(cells: StoredIntegers, isSigned: boolean): StoredIntegers {
  const { buffer, byteOffset, length } = cells;
  switch (cells.BYTES_PER_ELEMENT) {
    case 1:
      return isSigned ? new Int8Array(buffer, byteOffset, length) : new Uint8Array(buffer, byteOffset, length);
    case 2:
      return isSigned ? new Int16Array(buffer, byteOffset, length) : new Uint16Array(buffer, byteOffset, length);
    default:
      return isSigned ? new Int32Array(buffer, byteOffset, length) : new Uint32Array(buffer, byteOffset, length);
  }
}

function emptyValues(length: number, bitsAllocated: PixelCell["bitsAllocated"], isSigned: boolean): StoredIntegers {
  if (bitsAllocated <= 8) return isSigned ? new Int8Array(length) : new Uint8Array(length);
  if (bitsAllocated === 16) return isSigned ? new Int16Array(length) : new Uint16Array(length);
  return isSigned ? new Int32Array(length) : new Uint32Array(length);
}
