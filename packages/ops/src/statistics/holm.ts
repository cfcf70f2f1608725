/**
 * P values adjusted by Holm's step-down way (1979), which keeps the chance of a single false finding among all of them. Null
 * (not tested) stays null and counts as no test.
 */
export function adjustByHolm(pValues: readonly (number | null)[]): readonly (number | null)[] {
  const tested = pValues.flatMap((p, index) => (p === null ? [] : [{ p, index }]));
  tested.sort((a, b) => a.p - b.p);
  const adjusted: (number | null)[] = pValues.map(() => null);
  let highest = 0;
  tested.forEach(({ p, index }, place) => {
    highest = Math.max(highest, Math.min(1, p * (tested.length - place)));
    adjusted[index] = highest;
  });
  return adjusted;
}
