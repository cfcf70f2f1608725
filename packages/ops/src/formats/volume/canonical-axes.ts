import { OpError } from "../../op-error.ts";
import { affineDirections, spannedVolume, stepLengths } from "./affine.ts";
import { closestAxes, type ClosestAxis } from "./closest-axes.ts";
import type { VoxelGrid } from "./voxel-grid.ts";

/** How one canonical axis goes through the stored values of a frame. */
export interface CanonicalAxis {
  /** Voxels. */
  readonly length: number;
  /** Millimetres. */
  readonly spacing: number;
  /** Where its voxel 0 lies, counted in voxels; the three of a volume add up. */
  readonly start: number;
  /** From one voxel to the next, counted in voxels; negative where the stored axis runs the other way. */
  readonly stride: number;
}

/**
 * The canonical axes x, y, z.
 * @throws OpError `image-damaged` where the affine does not say which way every axis runs
 */
export function canonicalAxes(grid: VoxelGrid): readonly [CanonicalAxis, CanonicalAxis, CanonicalAxis] {
  const { name, affine } = grid;
  const lengths = stepLengths(affine);
  if (!affine.flat().every(Number.isFinite) || !lengths.every(Number.isFinite)) {
    throw unplaced(name, "its affine matrix holds numbers that are not finite");
  }
  if (!(spannedVolume(affineDirections(affine)) > flattest)) {
    throw unplaced(name, "its affine matrix is singular: its three axes do not span a volume");
  }
  const closest = closestAxes(affine);
  const along = (axis: 0 | 1 | 2): CanonicalAxis => {
    const stored = closest.findIndex((candidate) => candidate?.axis === axis);
    return canonicalAxis(grid, stored, closest[stored]!, lengths[stored]!);
  };
  return [along(0), along(1), along(2)];
}

/**
 * Of three directions; 1 where they are at right angles. nibabel goes on with most singular matrices, and which axis is
 * which then hangs on rounding.
 */
const flattest = 1e-6;

function canonicalAxis(
  { shape }: VoxelGrid,
  stored: number,
  { isReversed }: ClosestAxis,
  spacing: number,
): CanonicalAxis {
  const length = shape[stored]!;
  const stride = shape.slice(0, stored).reduce((product, side) => product * side, 1);
  return isReversed
    ? { length, spacing, start: (length - 1) * stride, stride: -stride }
    : { length, spacing, start: 0, stride };
}

function unplaced(name: string, problem: string): OpError {
  return new OpError(
    "image-damaged",
    `${name} cannot be turned upright: ${problem}.`,
    "Set a valid sform or qform in its header, or convert the volume again from its source.",
  );
}
