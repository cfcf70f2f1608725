import type { PlanarImage } from "./planar-image.ts";
import { resampleBytes } from "./resample-bytes.ts";
import { resampleFloats } from "./resample-floats.ts";
import { resampleTable, type ResampleMethod } from "./resample-table.ts";

/** Where a resize goes: the size of the whole result, and the part of it that is wanted (absent: all of it). */
export interface ResampleTarget {
  readonly width: number;
  readonly height: number;
  readonly crop?: { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
}

/**
 * Resizes in two passes, first along rows, then along columns; the result is on the scale of the source.
 *
 * 8-bit images by a `pillow_` method give Pillow's bytes exactly (Pillow before version 13; since then it resizes columns
 * first where that is cheaper, which moves single pixels by one level). Everything else is computed in floating point, as
 * Pillow does for images of mode F and torch for float tensors. A crop gives the same pixels as cropping the whole result.
 */
export function resample(image: PlanarImage, target: ResampleTarget, method: ResampleMethod): PlanarImage {
  const crop = target.crop ?? { left: 0, top: 0, width: target.width, height: target.height };
  const columns = { inputSize: image.width, outputSize: target.width, from: crop.left, length: crop.width };
  const rows = { inputSize: image.height, outputSize: target.height, from: crop.top, length: crop.height };
  const tables = { columns: resampleTable(method, columns), rows: resampleTable(method, rows) };
  const planes = image.planes.map((data) => {
    return data instanceof Uint8Array && method.startsWith("pillow_")
      ? resampleBytes({ width: image.width, data }, tables)
      : resampleFloats({ width: image.width, data }, tables);
  });
  return { ...image, width: crop.width, height: crop.height, planes };
}
