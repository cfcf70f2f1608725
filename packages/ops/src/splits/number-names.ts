/** Names as numbers from 0, in the order of their first places; -1 where there is none. */
export interface NumberedNames {
  readonly numbers: Int32Array;
  readonly count: number;
}

export function numberNames(names: readonly (string | null | undefined)[]): NumberedNames {
  const known = new Map<string, number>();
  const numbers = Int32Array.from(names, (name) => {
    if (name === null || name === undefined) return -1;
    const found = known.get(name) ?? known.size;
    known.set(name, found);
    return found;
  });
  return { numbers, count: known.size };
}
