import type { Triple } from "../volume/volume.ts";

/** Three rows of three. */
export type RotationRows = readonly [Triple, Triple, Triple];

/**
 * The rotation of a unit quaternion whose first part is not stored: a >= 0, a² = 1 - b² - c² - d² (nifti1.h, "QUATERNION
 * REPRESENTATION OF ROTATION MATRIX").
 * @param version what the parts were stored with: rounding may make them a little too long
 * @returns null where they are longer than 1 by more than rounding; nibabel refuses the same
 */
export function quaternionRotation([b, c, d]: Triple, version: 1 | 2): RotationRows | null {
  const rest = 1 - (b * b + c * c + d * d);
  const rounding = 3 * (version === 1 ? 2 ** -23 : Number.EPSILON);
  if (rest <= -rounding) return null;
  const a = rest < rounding ? 0 : Math.sqrt(rest);
  // With a set to 0 the rest may not be of length 1 to the last bit.
  const scale = 2 / (a * a + b * b + c * c + d * d);
  return [
    [1 - scale * (c * c + d * d), scale * (b * c - a * d), scale * (b * d + a * c)],
    [scale * (b * c + a * d), 1 - scale * (b * b + d * d), scale * (c * d - a * b)],
    [scale * (b * d - a * c), scale * (c * d + a * b), 1 - scale * (b * b + c * c)],
  ];
}
