import type { StoredPhantom } from "./phantom.ts";
import type { WrittenNifti } from "./write-nifti.ts";

/**
 * The qform of a matrix of directions: where it mirrors, its third column is turned and `pixdim[0]` says so. The largest
 * of a, b, c, d is found first, from the diagonal; the others by dividing by it. a is made positive.
 */
export function qformOf({ rotation, sizes }: StoredPhantom): Pick<WrittenNifti, "qform" | "pixdim"> {
  const sign = determinant(rotation) < 0 ? -1 : 1;
  const m = rotation.map(([x, y, z]) => [x, y, z * sign]);
  const at = (row: number, column: number): number => m[row]![column]!;
  const [xx, yy, zz] = [at(0, 0), at(1, 1), at(2, 2)];
  // Products of pairs of the four parts, times 4.
  const products = [
    [1 + xx + yy + zz, at(2, 1) - at(1, 2), at(0, 2) - at(2, 0), at(1, 0) - at(0, 1)],
    [at(2, 1) - at(1, 2), 1 + xx - yy - zz, at(0, 1) + at(1, 0), at(0, 2) + at(2, 0)],
    [at(0, 2) - at(2, 0), at(0, 1) + at(1, 0), 1 - xx + yy - zz, at(1, 2) + at(2, 1)],
    [at(1, 0) - at(0, 1), at(0, 2) + at(2, 0), at(1, 2) + at(2, 1), 1 - xx - yy + zz],
  ];
  const squares = products.map((row, index) => row[index]!);
  const largest = squares.indexOf(Math.max(...squares));
  const size = Math.sqrt(squares[largest]!);
  const parts = products[largest]!.map((product) => product / size / 2);
  const [a, ...rest] = parts;
  const quatern = rest.map((part) => (a! < 0 ? -part : part));
  return { qform: { code: 1, quatern, offset: [-10, 20, 30] }, pixdim: [sign, ...sizes] };
}

function determinant([a, b, c]: StoredPhantom["rotation"]): number {
  return a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0]);
}
