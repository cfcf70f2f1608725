import type { ValueRange } from "./volume.ts";
import type { VoxelGrid } from "./voxel-grid.ts";

/** @param frame all frames where it is not given */
export function valueRange({ shape, frames, channels, values, scaling }: VoxelGrid, frame?: number): ValueRange {
  const perFrame = shape[0] * shape[1] * shape[2] * channels;
  const start = (frame ?? 0) * perFrame;
  const end = frame === undefined ? frames * perFrame : start + perFrame;
  const { slope, intercept } = scaling ?? { slope: 1, intercept: 0 };
  let low = Infinity;
  let high = -Infinity;
  let notFinite = 0;
  for (let index = start; index < end; index++) {
    // Scaled one by one: a slope may carry a finite stored value out of the numbers' range.
    const value = values[index]! * slope + intercept;
    if (!Number.isFinite(value)) notFinite++;
    else {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low > high ? { low: NaN, high: NaN, notFinite } : { low, high, notFinite };
}
