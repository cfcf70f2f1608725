import type { RawImage, RawValues } from "../../images/raw-image.ts";
import { OpError } from "../../op-error.ts";
import { canonicalAxes, type CanonicalAxis } from "./canonical-axes.ts";
import { valueRange } from "./value-range.ts";
import type { AnatomicalAxis, ValueRange, Volume } from "./volume.ts";
import { scaledValues, type VoxelGrid } from "./voxel-grid.ts";

/**
 * Turns stored voxels to canonical order, as nibabel's `as_closest_canonical` does, without moving any: slices are picked
 * from the stored values when they are asked for.
 * @throws OpError `image-damaged` where the affine does not say which way every axis runs
 */
export function canonicalVolume(grid: VoxelGrid): Volume {
  const axes = canonicalAxes(grid);
  const [x, y, z] = axes;
  const ranges = new Map<number | undefined, ValueRange>();
  return {
    shape: [x.length, y.length, z.length],
    frames: grid.frames,
    spacing: [x.spacing, y.spacing, z.spacing],
    sliceCount: (axis) => axes[planes[axis].through].length,
    slice: (axis, index, frame = 0) => {
      const through = axes[planes[axis].through];
      requireIndex(grid.name, `${axis} slice`, index, through.length);
      requireIndex(grid.name, "frame", frame, grid.frames);
      return cutSlice(grid, axes, axis, index, frame);
    },
    range: (frame) => {
      if (frame !== undefined) requireIndex(grid.name, "frame", frame, grid.frames);
      const range = ranges.get(frame) ?? valueRange(grid, frame);
      ranges.set(frame, range);
      return range;
    },
  };
}

interface Plane {
  /** The canonical axis that slices are counted along. */
  readonly through: 0 | 1 | 2;
  /** From the right edge of the image to its left one: towards the patient's right, or towards anterior. */
  readonly leftwards: 0 | 1;
  /** From the lower edge of the image to its upper one. */
  readonly upwards: 1 | 2;
}

const planes: Readonly<Record<AnatomicalAxis, Plane>> = {
  axial: { through: 2, leftwards: 0, upwards: 1 },
  coronal: { through: 1, leftwards: 0, upwards: 2 },
  sagittal: { through: 0, leftwards: 1, upwards: 2 },
};

function cutSlice(
  grid: VoxelGrid,
  axes: readonly [CanonicalAxis, CanonicalAxis, CanonicalAxis],
  axis: AnatomicalAxis,
  index: number,
  frame: number,
): RawImage {
  const { shape, channels, values, scaling } = grid;
  const plane = planes[axis];
  const [through, leftwards, upwards] = [axes[plane.through], axes[plane.leftwards], axes[plane.upwards]];
  const [width, height] = [leftwards.length, upwards.length];
  const frameStart = frame * shape[0] * shape[1] * shape[2];
  // The upper left pixel is the last voxel of both axes.
  const corner =
    frameStart +
    (through.start + index * through.stride) +
    (leftwards.start + (width - 1) * leftwards.stride) +
    (upwards.start + (height - 1) * upwards.stride);
  const stored = emptyLike(values, width * height * channels);
  let target = 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const source = (corner - row * upwards.stride - column * leftwards.stride) * channels;
      for (let channel = 0; channel < channels; channel++) stored[target++] = values[source + channel]!;
    }
  }
  return { width, height, channels, data: scaledValues(stored, scaling), display: null };
}

function emptyLike(values: RawValues, length: number): RawValues {
  return new (values.constructor as new (length: number) => RawValues)(length);
}

function requireIndex(name: string, what: string, index: number, count: number): void {
  if (Number.isInteger(index) && index >= 0 && index < count) return;
  throw new OpError(
    "slice-out-of-range",
    `${name} has no ${what} ${index}: it has ${count}, counted from 0.`,
    `Ask for one from 0 to ${count - 1}.`,
  );
}
