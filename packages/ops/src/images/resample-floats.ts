import { rowsNeeded, type ResampleTable } from "./resample-table.ts";
import type { Plane } from "./split-channels.ts";

/** One plane, resized in floating point; the result may overshoot the source's range. */
export function resampleFloats(
  { width, data }: { readonly width: number; readonly data: Plane },
  { columns, rows }: { readonly columns: ResampleTable; readonly rows: ResampleTable },
): Float32Array {
  const { top, bottom } = rowsNeeded(rows);
  const newWidth = columns.starts.length;
  const narrow = new Float32Array((bottom - top) * newWidth);
  let slot = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = 0; x < newWidth; x++) {
      const from = y * width + columns.starts[x]!;
      const firstWeight = x * columns.taps;
      let sum = 0;
      for (let tap = 0; tap < columns.counts[x]!; tap++) sum += data[from + tap]! * columns.weights[firstWeight + tap]!;
      narrow[slot++] = sum;
    }
  }

  const output = new Float32Array(rows.starts.length * newWidth);
  const sums = new Float64Array(newWidth);
  for (let y = 0; y < rows.starts.length; y++) {
    sums.fill(0);
    for (let tap = 0; tap < rows.counts[y]!; tap++) {
      const weight = rows.weights[y * rows.taps + tap]!;
      const from = (rows.starts[y]! + tap - top) * newWidth;
      for (let x = 0; x < newWidth; x++) sums[x] = sums[x]! + narrow[from + x]! * weight;
    }
    output.set(sums, y * newWidth);
  }
  return output;
}
