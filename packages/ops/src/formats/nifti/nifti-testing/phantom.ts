import type { Triple } from "../../volume/volume.ts";

/** No two sides and no two spacings are the same, and no two voxels: every mix-up shows. */
export const phantomShape: Triple = [4, 5, 3];
export const phantomSpacing: Triple = [0.5, 0.75, 2.5];

/** Of the voxel at x, y, z, in canonical (RAS+) order. */
export function phantomVoxel(x: number, y: number, z: number): number {
  return 100 * (z + 1) + 10 * (y + 1) + (x + 1);
}

/** How a file stores a volume: which canonical axis each stored one is, and whether it runs the other way. */
export interface Orientation {
  readonly axes: readonly [Axis, Axis, Axis];
  readonly flips: readonly [boolean, boolean, boolean];
}
type Axis = 0 | 1 | 2;

/** All 48: six orders of the axes, each with eight choices of flips. */
export const orientations: readonly Orientation[] = (
  [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ] as const
).flatMap((axes) =>
  Array.from({ length: 8 }, (_, bits) => ({
    axes,
    flips: [(bits & 1) > 0, (bits & 2) > 0, (bits & 4) > 0] as const,
  })),
);

export interface StoredPhantom {
  readonly shape: Triple;
  readonly values: Int16Array;
  /** Three rows of three: directions alone, without voxel sizes. */
  readonly rotation: readonly [Triple, Triple, Triple];
  /** Voxel sizes along the stored axes. */
  readonly sizes: Triple;
}

/** The phantom as a file of that orientation stores it. */
export function storePhantom({ axes, flips }: Orientation): StoredPhantom {
  const shape = pick(phantomShape, axes);
  const values = new Int16Array(shape[0] * shape[1] * shape[2]);
  for (let index = 0; index < values.length; index++) {
    const first = index % shape[0];
    const stored = [first, Math.floor(index / shape[0]) % shape[1], Math.floor(index / (shape[0] * shape[1]))];
    const canonical: [number, number, number] = [0, 0, 0];
    for (const [at, axis] of axes.entries()) {
      canonical[axis] = flips[at] === true ? shape[at]! - 1 - stored[at]! : stored[at]!;
    }
    values[index] = phantomVoxel(...canonical);
  }
  const row = (axis: Axis): Triple => [part(0, axis), part(1, axis), part(2, axis)];
  const part = (at: Axis, axis: Axis): number => (axes[at] === axis ? (flips[at] ? -1 : 1) : 0);
  return { shape, values, rotation: [row(0), row(1), row(2)], sizes: pick(phantomSpacing, axes) };
}

function pick(numbers: Triple, [first, second, third]: Orientation["axes"]): Triple {
  return [numbers[first], numbers[second], numbers[third]];
}
