import type { RawValues } from "../../images/raw-image.ts";
import { interleave } from "./codecs/take-samples.ts";
import { damagedDicom } from "./dicom-errors.ts";
import { cellBits, takeBits } from "./pixel-cells.ts";
import type { PixelCell, PixelLayout } from "./pixel-layout.ts";
import type { DataElement } from "./read-data-set.ts";

/** @throws OpError `image-damaged` where the pixels are fewer than the header says; more are let be, as there is padding */
export function requireNativeLength(length: number, layout: PixelLayout, name: string): void {
  const needed = Math.ceil((layout.frames * frameCells(layout, length) * layout.cell.bitsAllocated) / 8);
  if (length >= needed) return;
  throw damagedDicom(name, `it has ${length} bytes of pixels where its header says ${needed}`);
}

/** One frame of uncompressed pixels in byte order, interleaved; YBR_FULL_422 with its colours repeated. */
export function readNativeFrame(pixels: DataElement, frame: number, layout: PixelLayout): RawValues {
  const { cell, photometric, isPlanar } = layout;
  const count = frameCells(layout, pixels.value.length);
  const { value, isLittleEndian } = pixels;
  if (cell.kind === "float") return readFloats(value, frame * count, count, isLittleEndian, cell);
  if (cell.bitsAllocated === 1) return readBits(value, frame * count, count);
  const cells = readCells(value, frame * count, count, isLittleEndian, cell);
  const isHalved = photometric === "YBR_FULL_422" && count < layout.width * layout.height * 3;
  const whole = isHalved ? repeatColours(cells) : isPlanar ? interleave(cells) : cells;
  return takeBits(whole, cell, cellBits(cell));
}

/**
 * Samples that lie in the file for one frame: two pixels of YBR_FULL_422 share their colours, unless there is just the room
 * for all of them, which some writers use.
 */
function frameCells({ width, height, samples, photometric, frames, isPlanar }: PixelLayout, length: number): number {
  const all = width * height * samples;
  const isWhole = photometric !== "YBR_FULL_422" || isPlanar || width % 2 === 1;
  const hasRoom = length === all * frames || length === all * frames + 1;
  return isWhole || hasRoom ? all : (all / 3) * 2;
}

/** Bytes that were written as 16-bit words of big-endian order stand in pairs the wrong way round. */
export function inByteOrder(pixels: DataElement, { bitsAllocated }: PixelCell): DataElement {
  const { value, isLittleEndian, vr } = pixels;
  if (isLittleEndian || vr !== "OW" || bitsAllocated !== 8) return pixels;
  const swapped = Buffer.from(value.subarray(0, value.length & ~1)).swap16();
  return { ...pixels, value: new Uint8Array(swapped.buffer, swapped.byteOffset, swapped.length) };
}

type Cells = Uint8Array | Uint16Array | Uint32Array;

function readCells(value: Uint8Array, first: number, count: number, isLittleEndian: boolean, cell: PixelCell): Cells {
  const { bitsAllocated } = cell;
  const size = bitsAllocated / 8;
  const bytes = Buffer.from(value.slice(first * size, (first + count) * size).buffer);
  if (bitsAllocated === 8) return new Uint8Array(bytes.buffer);
  if (bitsAllocated === 16) return new Uint16Array((isLittleEndian ? bytes : bytes.swap16()).buffer);
  return new Uint32Array((isLittleEndian ? bytes : bytes.swap32()).buffer);
}

function readFloats(
  value: Uint8Array,
  first: number,
  count: number,
  isLittleEndian: boolean,
  { bitsAllocated }: PixelCell,
): Float32Array | Float64Array {
  const size = bitsAllocated / 8;
  const bytes = Buffer.from(value.slice(first * size, (first + count) * size).buffer);
  if (size === 4) return new Float32Array((isLittleEndian ? bytes : bytes.swap32()).buffer);
  return new Float64Array((isLittleEndian ? bytes : bytes.swap64()).buffer);
}

/** The lowest bit first (PS3.5 section 8.1.1); frames follow each other without gaps. */
function readBits(value: Uint8Array, first: number, count: number): Uint8Array {
  const bits = new Uint8Array(count);
  for (let index = 0; index < count; index++) {
    const at = first + index;
    bits[index] = (value[Math.floor(at / 8)]! >> (at % 8)) & 1;
  }
  return bits;
}

/** Y Y Cb Cr to Y Cb Cr, Y Cb Cr (PS3.3 C.7.6.3.1.2). */
function repeatColours(cells: Cells): Cells {
  const result = emptyCells(cells, (cells.length / 2) * 3);
  for (let from = 0, to = 0; from < cells.length; from += 4, to += 6) {
    result[to] = cells[from]!;
    result[to + 3] = cells[from + 1]!;
    result[to + 1] = result[to + 4] = cells[from + 2]!;
    result[to + 2] = result[to + 5] = cells[from + 3]!;
  }
  return result;
}

function emptyCells({ BYTES_PER_ELEMENT: size }: Cells, length: number): Cells {
  if (size === 1) return new Uint8Array(length);
  return size === 2 ? new Uint16Array(length) : new Uint32Array(length);
}
