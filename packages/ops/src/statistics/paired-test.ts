/**
 * P value of a paired bootstrap test of two cells on the same resamples, two-sided: twice the smaller share of resamples on
 * which the difference of the two is on either side of zero, which counts to both. The observed data are counted as one more
 * resample, so that p is never zero (Davison and Hinkley, 1997, 4.2). It is the same whichever of the two comes first.
 * Resamples on which one of them has no value count for neither side; null where no others are left.
 */
export function testPaired(a: Float64Array, b: Float64Array): number | null {
  let counted = 0;
  let notAbove = 0;
  let notBelow = 0;
  for (let at = 0; at < a.length; at++) {
    const difference = a[at]! - b[at]!;
    if (Number.isNaN(difference)) continue;
    counted++;
    if (difference <= 0) notAbove++;
    if (difference >= 0) notBelow++;
  }
  if (counted === 0) return null;
  return Math.min(1, (2 * (1 + Math.min(notAbove, notBelow))) / (counted + 1));
}
