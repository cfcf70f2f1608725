import { gzipSync } from "node:zlib";
import sharp, { type Sharp } from "sharp";
import { drawPixels } from "./draw-pixels.ts";

export const sides = { radiograph: 1024, slice: 512, volume: 256, volumeSlices: 64 } as const;

/** A radiograph as NIH ChestX-ray14 has them: 1,024 x 1,024, grey, 8 bits; files of some 400 kB. */
export async function drawPng8(number: number): Promise<Uint8Array> {
  return grey8(number).png().toBuffer();
}

export async function drawJpeg(number: number): Promise<Uint8Array> {
  return grey8(number).jpeg({ quality: 90 }).toBuffer();
}

export async function drawPng16(number: number): Promise<Uint8Array> {
  return grey16(number).png().toBuffer();
}

/** LZW with differences of neighbours, in strips. */
export async function drawTiff(number: number): Promise<Uint8Array> {
  return grey16(number).tiff({ compression: "lzw", predictor: "horizontal" }).toBuffer();
}

function grey8(number: number): Sharp {
  const side = sides.radiograph;
  const pixels = Uint8Array.from(drawPixels({ side, most: 255, noise: 0.6, number }));
  return sharp(pixels, { raw: { width: side, height: side, channels: 1 } }).toColourspace("b-w");
}

function grey16(number: number): Sharp {
  const side = sides.radiograph;
  const pixels = drawPixels({ side, most: 4095, noise: 20, number });
  return sharp(pixels, { raw: { width: side, height: side, channels: 1 } }).toColourspace("grey16");
}

/** A slice in Hounsfield units, as the other formats hold one. */
export function drawSlice(side: number, number: number): Int16Array {
  return Int16Array.from(drawPixels({ side, most: 3000, noise: 20, number }), (value) => value - 1024);
}

/** A slice as NumPy's `save` writes what nibabel's `get_fdata` gave: float64, C order (format 1.0 of `numpy.lib.format`). */
export function drawNpy(number: number): Uint8Array {
  const side = sides.slice;
  const values = Float64Array.from(drawSlice(side, number));
  const text = `{'descr': '<f8', 'fortran_order': False, 'shape': (${side}, ${side}), }`;
  // Magic, version and length take 10 bytes; values begin at a multiple of 64, behind a line's end.
  const header = `${text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11)}\n`;
  const start = Buffer.alloc(10);
  start.write("\x93NUMPY\x01\x00", "latin1");
  start.writeUInt16LE(header.length, 8);
  return Buffer.concat([start, Buffer.from(header, "latin1"), Buffer.from(values.buffer)]);
}

/** A volume as `.nii.gz`: 256 x 256 x 64 voxels of 16 bits, signed, of 1 x 1 x 2.5 mm, along RAS axes (nifti1.h). */
export function drawNifti(): Uint8Array {
  const { volume: side, volumeSlices: slices } = sides;
  const header = Buffer.alloc(352);
  header.writeInt32LE(348, 0);
  for (const [index, size] of [3, side, side, slices, 1, 1, 1, 1].entries()) header.writeInt16LE(size, 40 + 2 * index);
  const [int16, bits] = [4, 16];
  header.writeInt16LE(int16, 70);
  header.writeInt16LE(bits, 72);
  const spacing = [1, 1, 2.5] as const;
  for (const [index, size] of [1, ...spacing].entries()) header.writeFloatLE(size, 76 + 4 * index);
  header.writeFloatLE(header.length, 108);
  // The sform: its code, then three rows of four.
  header.writeInt16LE(1, 254);
  for (const [axis, size] of spacing.entries()) header.writeFloatLE(size, 280 + 20 * axis);
  header.write("n+1\0", 344, "latin1");
  const voxels = Array.from({ length: slices }, (_, number) => Buffer.from(drawSlice(side, number).buffer));
  return gzipSync(Buffer.concat([header, ...voxels]));
}
