import type { RawImage } from "../../../images/raw-image.ts";
import type { AnatomicalAxis, Volume } from "../../volume/volume.ts";

/**
 * All values of one frame in canonical order, put together from the slices along an axis: x fastest, of colours the
 * channel fastest of all. The pixel at the upper left is the last voxel of both axes of the slice.
 */
export function valuesThrough(volume: Volume, axis: AnatomicalAxis, frame = 0): Float64Array {
  const [nx, ny, nz] = volume.shape;
  const slices = Array.from({ length: volume.sliceCount(axis) }, (_, index) => volume.slice(axis, index, frame));
  const channels = slices[0]!.channels;
  const values: number[] = [];
  const pixel = (slice: RawImage, column: number, row: number): void => {
    const at = (row * slice.width + column) * channels;
    values.push(...slice.data.subarray(at, at + channels));
  };
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++) {
        if (axis === "axial") pixel(slices[z]!, nx - 1 - x, ny - 1 - y);
        if (axis === "coronal") pixel(slices[y]!, nx - 1 - x, nz - 1 - z);
        if (axis === "sagittal") pixel(slices[x]!, ny - 1 - y, nz - 1 - z);
      }
    }
  }
  return Float64Array.from(values);
}
