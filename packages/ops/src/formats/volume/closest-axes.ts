import { affineDirections, type Affine, type Columns } from "./affine.ts";
import { nearestRotation } from "./nearest-rotation.ts";

/** Which anatomical axis a stored axis runs along: 0 is x (right), 1 y (anterior), 2 z (superior). */
export interface ClosestAxis {
  readonly axis: 0 | 1 | 2;
  /** Towards left, posterior or inferior. */
  readonly isReversed: boolean;
}

/**
 * The anatomical axis closest to each stored one; null for a stored axis that leads nowhere.
 *
 * The rule of nibabel's `io_orientation` (5.x): shear and voxel sizes are taken away, leaving the nearest rotation; the
 * stored axis that is closest to an anatomical one takes it first, and no two take the same. Two that are equally close
 * go by their stored order, as far as rounding lets them be equal.
 * @param affine finite numbers
 */
export function closestAxes(affine: Affine): readonly [Closest, Closest, Closest] {
  const rotation = nearestRotation(affineDirections(affine));
  const closest: [Closest, Closest, Closest] = [null, null, null];
  const taken = new Set<number>();
  for (const stored of strongestFirst(rotation)) {
    // What is taken counts as zero, as if the stored axis had no part in it.
    const parts = rotation[stored].map((part, axis) => (taken.has(axis) ? 0 : part));
    const sizes = parts.map(Math.abs);
    const largest = Math.max(...sizes);
    if (largest <= negligible) continue;
    const axis = sizes.indexOf(largest) as 0 | 1 | 2;
    closest[stored] = { axis, isReversed: parts[axis]! < 0 };
    taken.add(axis);
  }
  return closest;
}

type Closest = ClosestAxis | null;

/** The absolute tolerance of NumPy's `allclose`, by which nibabel takes an axis for lost. */
const negligible = 1e-8;

function strongestFirst(rotation: Columns): readonly (0 | 1 | 2)[] {
  const strength = rotation.map((column) => Math.max(...column.map((part) => part ** 2)));
  return ([0, 1, 2] as const).toSorted((a, b) => strength[b]! - strength[a]!);
}
