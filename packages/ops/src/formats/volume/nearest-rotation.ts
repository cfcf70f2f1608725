import { dot, lengthOf, type Columns } from "./affine.ts";

/**
 * The orthogonal matrix nearest to a 3 x 3 matrix: the factor R of its polar decomposition, U Vᵀ of its singular value
 * decomposition. Of a matrix without full rank, the same over the singular values that are not zero but for rounding.
 *
 * Singular values by one-sided Jacobi rotations (Golub and Van Loan, Matrix Computations, 8.6.3): short for three columns,
 * and accurate for small singular values too.
 * @param matrix finite numbers
 */
export function nearestRotation(matrix: Columns): Columns {
  // Rotations turn `images` from the matrix to U S, and `basis` from the identity to V.
  const images = matrix.map((column) => [...column] as Vector);
  const basis = identity.map((column) => [...column] as Vector);
  for (let sweep = 0; sweep < maxSweeps; sweep++) {
    let isRotated = false;
    for (const [p, q] of pairs) isRotated = rotate(images, basis, p, q) || isRotated;
    if (!isRotated) break;
  }
  const singular = images.map(lengthOf);
  const smallest = Math.max(...singular) * 3 * Number.EPSILON;
  const nearest: [Vector, Vector, Vector] = [
    [0, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ];
  for (const [index, size] of singular.entries()) {
    if (!(size > smallest)) continue;
    for (const column of axes) {
      for (const row of axes) nearest[column][row] += (images[index]![row] / size) * basis[index]![column];
    }
  }
  return nearest;
}

type Vector = [number, number, number];
const axes = [0, 1, 2] as const;
const pairs = [
  [0, 1],
  [0, 2],
  [1, 2],
] as const;
const identity: Columns = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];
/** Three columns are orthogonal after about six. */
const maxSweeps = 40;

/** Makes two columns orthogonal to each other; false where they are already. */
function rotate(images: readonly Vector[], basis: readonly Vector[], p: number, q: number): boolean {
  const [first, second] = [images[p]!, images[q]!];
  const [alpha, beta, gamma] = [dot(first, first), dot(second, second), dot(first, second)];
  if (Math.abs(gamma) <= Number.EPSILON * Math.sqrt(alpha * beta)) return false;
  const zeta = (beta - alpha) / (2 * gamma);
  const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
  const cosine = 1 / Math.hypot(1, tangent);
  turn(first, second, cosine, cosine * tangent);
  turn(basis[p]!, basis[q]!, cosine, cosine * tangent);
  return true;
}

function turn(first: Vector, second: Vector, cosine: number, sine: number): void {
  for (const row of axes) {
    const [a, b] = [first[row], second[row]];
    first[row] = cosine * a - sine * b;
    second[row] = sine * a + cosine * b;
  }
}
