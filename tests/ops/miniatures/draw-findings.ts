/** Findings that a picture can show: a grid of 4 x 4 places. */
const places = 16;

/**
 * A grey picture (row-major, `size` x `size`, `size` a multiple of 4) on which each finding is a bright square at a place of its own,
 * under noise: what is to be learnt can be learnt. The same for the same words.
 */
export function drawFindings(findings: readonly number[], { size, seed }: DrawOptions): Uint8Array {
  const cell = size / 4;
  const next = createNoise(seed);
  const shown = new Set(findings);
  return Uint8Array.from({ length: size * size }, (_, index) => {
    const [x, y] = [index % size, Math.floor(index / size)];
    const place = Math.floor(y / cell) * 4 + Math.floor(x / cell);
    return 60 + Math.floor(next() * 40) + (place < places && shown.has(place) ? 110 : 0);
  });
}

export interface DrawOptions {
  readonly size: number;
  readonly seed: number;
}

/** Numbers from 0 to 1 of a linear congruential generator (multiplier and increment of Numerical Recipes). */
function createNoise(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
