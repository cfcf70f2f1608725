/** Fractions from 0 to 1 by a linear congruential generator, and choices by them. */
export interface Random {
  readonly fraction: () => number;
  /** A whole number from `least` to `most`. */
  readonly integer: (least: number, most: number) => number;
  readonly shape: (rank: number) => readonly number[];
}

/** The high 23 bits of the generator's states; `gradient_rules.py` repeats it. */
export function randomOf(seed: number): Random {
  let state = seed;
  const fraction = (): number => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 8) / 2 ** 23;
  };
  const integer = (least: number, most: number): number => least + Math.floor(fraction() * (most - least + 1));
  return { fraction, integer, shape: (rank) => Array.from({ length: rank }, () => integer(1, 4)) };
}
