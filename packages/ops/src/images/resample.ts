import type { DecodedImage } from "./decoded-image.ts";
import { resampleTable, type ResampleMethod, type ResampleTable } from "./resample-table.ts";

/** Where a resize goes: the size of the whole result, and the part of it that is wanted (absent: all of it). */
export interface ResampleTarget {
  readonly width: number;
  readonly height: number;
  readonly crop?: { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
}

/** Pixels after a resize, on the scale of the source image (0..255 or 0..65535). Row-major, channels interleaved. */
export interface ResampledImage {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array | Float32Array;
}

/**
 * Resizes in two passes, first along rows, then along columns.
 *
 * 8-bit images by a `pillow_` method give Pillow's bytes exactly: 22-bit fixed-point weights, rounded and clipped to
 * 0..255 after each pass. (Pillow before version 13; since then it resizes columns first where that is cheaper, which
 * moves single pixels by one level.) Everything else is computed in floating point and may overshoot the source's
 * range, as Pillow does for images of mode F and torch for float tensors. A crop gives the same pixels as cropping the
 * whole result.
 */
export function resample(image: DecodedImage, target: ResampleTarget, method: ResampleMethod): ResampledImage {
  const crop = target.crop ?? { left: 0, top: 0, width: target.width, height: target.height };
  const plan: TwoPasses = {
    image,
    columns: resampleTable(method, {
      inputSize: image.width,
      outputSize: target.width,
      from: crop.left,
      length: crop.width,
    }),
    rows: resampleTable(method, {
      inputSize: image.height,
      outputSize: target.height,
      from: crop.top,
      length: crop.height,
    }),
  };
  const { data } = image;
  const isFixedPoint = data instanceof Uint8Array && method.startsWith("pillow_");
  const pixels = isFixedPoint ? resampleFixedPoint({ ...plan, data }) : resampleFloat(plan);
  return { width: crop.width, height: crop.height, channels: image.channels, data: pixels };
}

interface TwoPasses {
  readonly image: DecodedImage;
  readonly columns: ResampleTable;
  readonly rows: ResampleTable;
}

const precisionBits = 22;

function resampleFixedPoint(plan: TwoPasses & { readonly data: Uint8Array }): Uint8Array {
  const { rows, image } = plan;
  const { top, bottom } = rowsNeeded(rows);
  const rowLength = plan.columns.starts.length * image.channels;
  // Clamped arrays clip to 0..255 on writing.
  const narrow = new Uint8ClampedArray((bottom - top) * rowLength);
  resampleRowsFixedPoint(plan, { top, bottom, output: narrow });

  const weights = fixedPointWeights(rows);
  const output = new Uint8ClampedArray(rows.starts.length * rowLength);
  const sums = new Int32Array(rowLength);
  for (let y = 0; y < rows.starts.length; y++) {
    const taps = weights.subarray(y * rows.taps, y * rows.taps + rows.counts[y]!);
    const row = { source: narrow, from: (rows.starts[y]! - top) * rowLength, taps };
    const target = output.subarray(y * rowLength, (y + 1) * rowLength);
    if (taps.length <= 4) blendFourRows(row, target);
    else blendRows(row, target, sums);
  }
  return new Uint8Array(output.buffer);
}

/** Rows that lie one after the other in `source`, each as long as the row that they are blended into. */
interface BlendedRows {
  readonly source: Uint8ClampedArray;
  readonly from: number;
  readonly taps: Int32Array;
}

/** Up to four rows in one pass, which is what enlarging and mild shrinking need: three times as fast as adding row by row. */
function blendFourRows({ source, from, taps }: BlendedRows, target: Uint8ClampedArray): void {
  const { length } = target;
  const half = 1 << (precisionBits - 1);
  const last = taps.length - 1;
  const [w0, w1, w2, w3] = [taps[0]!, taps[1] ?? 0, taps[2] ?? 0, taps[3] ?? 0];
  // A row beyond the last has no weight; the last one is read in its place.
  const second = from + Math.min(1, last) * length;
  const third = from + Math.min(2, last) * length;
  const fourth = from + Math.min(3, last) * length;
  for (let x = 0; x < length; x++) {
    target[x] =
      (half +
        Math.imul(source[from + x]!, w0) +
        Math.imul(source[second + x]!, w1) +
        Math.imul(source[third + x]!, w2) +
        Math.imul(source[fourth + x]!, w3)) >>
      precisionBits;
  }
}

function blendRows({ source, from, taps }: BlendedRows, target: Uint8ClampedArray, sums: Int32Array): void {
  const { length } = target;
  sums.fill(1 << (precisionBits - 1));
  for (let tap = 0; tap < taps.length; tap++) {
    const weight = taps[tap]!;
    const start = from + tap * length;
    for (let x = 0; x < length; x++) sums[x] = (sums[x]! + Math.imul(source[start + x]!, weight)) | 0;
  }
  for (let x = 0; x < length; x++) target[x] = sums[x]! >> precisionBits;
}

interface RowRange<Output> {
  readonly top: number;
  readonly bottom: number;
  readonly output: Output;
}

function resampleRowsFixedPoint(
  { image, columns, data }: TwoPasses & { readonly data: Uint8Array },
  { top, bottom, output }: RowRange<Uint8ClampedArray>,
): void {
  const { channels, width } = image;
  const { starts, counts, taps } = columns;
  const weights = fixedPointWeights(columns);
  if (channels === 1 && taps <= greyTaps) {
    resampleGreyRows({ source: data.subarray(top * width, bottom * width), width, columns, weights }, output);
    return;
  }
  let slot = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = 0; x < starts.length; x++) {
      const first = (y * width + starts[x]!) * channels;
      const firstWeight = x * taps;
      const count = counts[x]!;
      for (let channel = 0; channel < channels; channel++) {
        let sum = 1 << (precisionBits - 1);
        let from = first + channel;
        for (let tap = 0; tap < count; tap++, from += channels) {
          sum = (sum + Math.imul(data[from]!, weights[firstWeight + tap]!)) | 0;
        }
        output[slot++] = sum >> precisionBits;
      }
    }
  }
}

/** Tables of this many taps at most have four that count at any one place: enlarging, and shrinking by less than half. */
const greyTaps = 5;

interface GreyRows {
  readonly source: Uint8Array;
  readonly width: number;
  readonly columns: ResampleTable;
  readonly weights: Int32Array;
}

/** The common case: column by column, so that the weights stay in registers. */
function resampleGreyRows({ source, width, columns, weights }: GreyRows, output: Uint8ClampedArray): void {
  const { starts, counts, taps } = columns;
  const length = starts.length;
  const half = 1 << (precisionBits - 1);
  for (let x = 0; x < length; x++) {
    const last = counts[x]! - 1;
    const at = x * taps;
    const w0 = weights[at]!;
    const w1 = last >= 1 ? weights[at + 1]! : 0;
    const w2 = last >= 2 ? weights[at + 2]! : 0;
    const w3 = last >= 3 ? weights[at + 3]! : 0;
    const w4 = last >= 4 ? weights[at + 4]! : 0;
    const d1 = Math.min(1, last);
    const d2 = Math.min(2, last);
    const d3 = Math.min(3, last);
    const d4 = Math.min(4, last);
    for (let place = starts[x]!, slot = x; slot < output.length; place += width, slot += length) {
      output[slot] =
        (half +
          Math.imul(source[place]!, w0) +
          Math.imul(source[place + d1]!, w1) +
          Math.imul(source[place + d2]!, w2) +
          Math.imul(source[place + d3]!, w3) +
          Math.imul(source[place + d4]!, w4)) >>
        precisionBits;
    }
  }
}

function resampleFloat(plan: TwoPasses): Float32Array {
  const { rows, image } = plan;
  const { top, bottom } = rowsNeeded(rows);
  const rowLength = plan.columns.starts.length * image.channels;
  const narrow = new Float32Array((bottom - top) * rowLength);
  resampleRowsFloat(plan, { top, bottom, output: narrow });

  const output = new Float32Array(rows.starts.length * rowLength);
  const sums = new Float64Array(rowLength);
  for (let y = 0; y < rows.starts.length; y++) {
    sums.fill(0);
    const start = rows.starts[y]!;
    for (let tap = 0; tap < rows.counts[y]!; tap++) {
      const weight = rows.weights[y * rows.taps + tap]!;
      const from = (start + tap - top) * rowLength;
      for (let x = 0; x < rowLength; x++) sums[x] = sums[x]! + narrow[from + x]! * weight;
    }
    output.set(sums, y * rowLength);
  }
  return output;
}

function resampleRowsFloat({ image, columns }: TwoPasses, { top, bottom, output }: RowRange<Float32Array>): void {
  const { channels, width, data } = image;
  let slot = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = 0; x < columns.starts.length; x++) {
      const first = (y * width + columns.starts[x]!) * channels;
      const firstWeight = x * columns.taps;
      const count = columns.counts[x]!;
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        let from = first + channel;
        for (let tap = 0; tap < count; tap++, from += channels) {
          sum += data[from]! * columns.weights[firstWeight + tap]!;
        }
        output[slot++] = sum;
      }
    }
  }
}

/** The rows of the source that any wanted row of the result is made of. */
function rowsNeeded(rows: ResampleTable): { readonly top: number; readonly bottom: number } {
  let top = Infinity;
  let bottom = 0;
  rows.starts.forEach((start, index) => {
    top = Math.min(top, start);
    bottom = Math.max(bottom, start + (rows.counts[index] ?? 0));
  });
  return { top, bottom };
}

/** Rounded half away from zero, as Pillow does. */
function fixedPointWeights({ weights }: ResampleTable): Int32Array {
  const fixed = new Int32Array(weights.length);
  for (let index = 0; index < fixed.length; index++) {
    const weight = weights[index]!;
    // Conversion to an integer element truncates.
    fixed[index] = weight * 2 ** precisionBits + (weight < 0 ? -0.5 : 0.5);
  }
  return fixed;
}
