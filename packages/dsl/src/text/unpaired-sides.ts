/**
 * The names of classes that say left or right and are in no pair of the classes that a mirror swaps. A name that says both is
 * as true in the mirror.
 */
export function unpairedSides(classNames: readonly string[], pairs: readonly (readonly string[])[]): readonly string[] {
  const paired = new Set(pairs.flat());
  return classNames.filter((name) => isSided(name) && !paired.has(name));
}

function isSided(name: string): boolean {
  return /(^|[^a-z])left([^a-z]|$)/i.test(name) !== /(^|[^a-z])right([^a-z]|$)/i.test(name);
}
