import type { Triple } from "./volume.ts";

/** The upper three rows of a 4 x 4 matrix: from voxel indices to millimetres to the right, to anterior, to superior. */
export type Affine = readonly [AffineRow, AffineRow, AffineRow];
export type AffineRow = readonly [number, number, number, number];

/** Three columns of three rows. */
export type Columns = readonly [Triple, Triple, Triple];

/** Where one step along each voxel axis leads: the matrix without its shift. */
function affineSteps(affine: Affine): Columns {
  const step = (axis: 0 | 1 | 2): Triple => [affine[0][axis], affine[1][axis], affine[2][axis]];
  return [step(0), step(1), step(2)];
}

/** How long one step along each voxel axis is. */
export function stepLengths(affine: Affine): Triple {
  const [first, second, third] = affineSteps(affine);
  return [lengthOf(first), lengthOf(second), lengthOf(third)];
}

/** The steps, each of length 1; a step that leads nowhere stays zero. */
export function affineDirections(affine: Affine): Columns {
  const [first, second, third] = affineSteps(affine);
  return [toUnit(first), toUnit(second), toUnit(third)];
}

export function lengthOf(vector: Triple): number {
  return Math.sqrt(dot(vector, vector));
}

export function dot(a: Triple, b: Triple): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function toUnit(vector: Triple): Triple {
  const length = lengthOf(vector) || 1;
  return [vector[0] / length, vector[1] / length, vector[2] / length];
}

/** The volume of the box that three vectors span: 0 where they lie in one plane. */
export function spannedVolume([first, second, third]: Columns): number {
  const normal: Triple = [
    first[1] * second[2] - first[2] * second[1],
    first[2] * second[0] - first[0] * second[2],
    first[0] * second[1] - first[1] * second[0],
  ];
  return Math.abs(dot(normal, third));
}
