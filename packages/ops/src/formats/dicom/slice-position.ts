import { decimalsOf } from "./element-values.ts";
import { frameGroup } from "./functional-groups.ts";
import type { DataSet } from "./read-data-set.ts";
import { tags } from "./tags.ts";

/**
 * Where a slice lies along the normal of its plane, in mm (DICOM PS3.3 C.7.6.2.1.1); null where the header does not say it, and
 * where a file has several frames.
 */
export function slicePosition(dataSet: DataSet, frames: number): number | null {
  if (frames !== 1) return null;
  const position = vectorOf(frameGroup(dataSet, tags.planePositionSequence, 0), tags.imagePosition, 3);
  const directions = vectorOf(frameGroup(dataSet, tags.planeOrientationSequence, 0), tags.imageOrientation, 6);
  if (position === null || directions === null) return null;
  const [rowX, rowY, rowZ, columnX, columnY, columnZ] = directions as [number, number, number, number, number, number];
  const normal = [
    rowY * columnZ - rowZ * columnY,
    rowZ * columnX - rowX * columnZ,
    rowX * columnY - rowY * columnX,
  ] as const;
  // Directions that are no right angle, or no directions at all, tell nothing of an order.
  const isNormal = Math.abs(Math.hypot(...normal) - 1) < 0.01;
  return isNormal ? normal.reduce((sum, part, axis) => sum + part * position[axis]!, 0) : null;
}

function vectorOf(
  dataSet: DataSet,
  tag: typeof tags.imagePosition | typeof tags.imageOrientation,
  length: number,
): readonly number[] | null {
  const numbers = decimalsOf(dataSet, tag);
  return numbers.length === length && !numbers.some(Number.isNaN) ? numbers : null;
}
