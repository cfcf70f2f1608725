/**
 * A value as it is ranked: to twelve digits, for sums of the same shares in another order differ in their last ones
 * (66/100 comes out as 0.66 and as 0.6599999999999999).
 */
export function tieValue(value: number): number {
  return Number(value.toPrecision(12));
}
