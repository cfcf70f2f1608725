/** To the nearest integer, and to the even one of two that are equally near, as Python rounds. */
export function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  const isHalf = value - below === 0.5;
  if (!isHalf) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
