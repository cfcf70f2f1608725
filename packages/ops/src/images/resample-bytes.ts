import { pixelKernels, roundUp, step } from "./pixel-kernels.ts";
import { rowsNeeded, type ResampleTable } from "./resample-table.ts";

/**
 * One 8-bit plane, resized as Pillow does: 22-bit fixed-point weights, rounded and clipped to 0..255 after each pass. Along
 * rows first: the plane is turned, so that both passes blend whole rows.
 */
export function resampleBytes(
  plane: { readonly width: number; readonly data: Uint8Array },
  { columns, rows }: { readonly columns: ResampleTable; readonly rows: ResampleTable },
): Uint8Array {
  const kernels = pixelKernels();
  const { width } = plane;
  const { top, bottom } = rowsNeeded(rows);
  const height = bottom - top;
  const [newWidth, newHeight] = [columns.starts.length, rows.starts.length];
  const [turnedStride, narrowStride] = [roundUp(height), roundUp(newWidth)];

  const at = kernels.layOut({
    // Turning reads blocks of `step` rows, of which the last may lie behind the plane.
    source: (height + step) * width,
    turned: turnedStride * roundUp(width),
    narrowTurned: turnedStride * narrowStride,
    narrow: turnedStride * narrowStride,
    output: newWidth * newHeight,
    columns: tableBytes(columns),
    rows: tableBytes(rows),
    scratch: 2 * step * step,
  });
  const memory = kernels.bytes();
  memory.set(plane.data.subarray(top * width, bottom * width), at.source);
  const along = writeTable(memory, at.columns, columns, 0);
  const down = writeTable(memory, at.rows, rows, top);

  kernels.transpose(at.source, width, at.turned, turnedStride, width, height, at.scratch);
  kernels.blendRows(at.turned, turnedStride, ...along, at.narrowTurned, turnedStride, newWidth, height);
  kernels.transpose(at.narrowTurned, turnedStride, at.narrow, narrowStride, height, newWidth, at.scratch);
  kernels.blendRows(at.narrow, narrowStride, ...down, at.output, newWidth, newHeight, newWidth);
  return memory.slice(at.output, at.output + newWidth * newHeight);
}

function tableBytes({ starts, weights }: ResampleTable): number {
  return 4 * (2 * starts.length + weights.length);
}

/** Addresses of starts, counts and weights, and the taps, as `blendRows` takes them. Starts are counted from `origin`. */
function writeTable(
  memory: Uint8Array,
  address: number,
  { starts, counts, weights, taps }: ResampleTable,
  origin: number,
): readonly [starts: number, counts: number, weights: number, taps: number] {
  const length = starts.length;
  const words = new Int32Array(memory.buffer, address, 2 * length + weights.length);
  for (let index = 0; index < length; index++) words[index] = starts[index]! - origin;
  words.set(counts, length);
  words.set(fixedPoint(weights), 2 * length);
  return [address, address + 4 * length, address + 8 * length, taps];
}

const precisionBits = 22;

/** Rounded half away from zero, as Pillow does. */
function fixedPoint(weights: Float64Array): Int32Array {
  const fixed = new Int32Array(weights.length);
  for (let index = 0; index < fixed.length; index++) {
    const weight = weights[index]!;
    // Conversion to an integer element truncates.
    fixed[index] = weight * 2 ** precisionBits + (weight < 0 ? -0.5 : 0.5);
  }
  return fixed;
}
