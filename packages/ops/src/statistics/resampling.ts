import { philoxBlock } from "../runtime/philox.ts";
import { randomStream } from "../runtime/random.ts";

/** Which resamples: the first of them by number, how many, of how many groups, and the seed of all. */
export interface Resamples {
  readonly groups: number;
  readonly seed: number;
  readonly first: number;
  readonly count: number;
}

/**
 * The weights of the bootstrap: in each resample, as many groups as there are, are drawn with replacement; a group's weight is
 * how often it was drawn. Hangs on the number of groups, the seed and a resample's own number alone, so that everything that is
 * scored on the same examples is resampled alike, whatever lies beside it in a block. Two sets of examples with equally many
 * groups share their draws; the groups drawn are then other patients, so that the sets stay as good as independent.
 * @returns [groups, count], row-major. It may be shared with other callers: it is not to be changed.
 */
export function resampleWeights(resamples: Resamples): Uint8Array {
  const key = JSON.stringify([resamples.groups, resamples.seed, resamples.first, resamples.count]);
  const kept = cache.get(key);
  if (kept !== undefined) return kept;
  const weights = drawWeights(resamples);
  keep(key, weights);
  return weights;
}

/** Each of `resamples` draws into its own column. */
export function drawWeights({ groups, seed, first, count }: Resamples): Uint8Array {
  const weights = new Uint8Array(groups * count);
  // Words beyond the last whole multiple of the groups would favour some of them.
  const excess = 2 ** 32 % groups;
  const isSmall = groups < 2 ** 16;
  const stream = randomStream(seed, "resample", groups);
  const key = [stream.integer(2 ** 32), stream.integer(2 ** 32)] as const;
  const state = new Uint32Array(4);
  for (let column = 0; column < count; column++) {
    // A small generator of its own for every resample (sfc32, from PractRand), whose state is the block that bears its number.
    philoxBlock(key, [first + column, 0, 0, 0], state);
    let a = state[0]! | 0;
    let b = state[1]! | 0;
    let c = state[2]! | 0;
    let counter = 1;
    for (let drawn = 0; drawn < groups;) {
      const word = (((a + b) | 0) + counter) | 0;
      counter = (counter + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + word) | 0;
      // The upper half of word * groups is the group, the lower half tells a word to leave out. With fewer than 2^16 groups
      // both can be had by integers of 32 bits.
      const group = isSmall
        ? (Math.imul(word >>> 16, groups) + (Math.imul(word & 0xffff, groups) >>> 16)) >>> 16
        : Math.floor(((word >>> 0) * groups) / 2 ** 32);
      if (Math.imul(word, groups) >>> 0 < excess) continue;
      weights[group * count + column]!++;
      drawn++;
    }
  }
  return weights;
}

/** Blocks of groups that a jackknife leaves out: more would not tell the skewness and the tails of their influence better. */
const mostJackknifeBlocks = 200;

/** How many blocks a jackknife has: one for each group, where there are not too many. */
export function jackknifeBlocks(groups: number): number {
  return Math.min(groups, mostJackknifeBlocks);
}

/** Every group once, but for those of one block: [groups, count] for the blocks from `first` on. */
export function jackknifeWeights({ groups, first, count }: Omit<Resamples, "seed">): Uint8Array {
  const blocks = jackknifeBlocks(groups);
  const weights = new Uint8Array(groups * count).fill(1);
  for (let group = 0; group < groups; group++) {
    const column = (group % blocks) - first;
    if (column >= 0 && column < count) weights[group * count + column] = 0;
  }
  return weights;
}

/** Twelve rows over one test set draw once. What was asked for longest ago goes first. */
const cache = new Map<string, Uint8Array>();
const mostBytesKept = 128 * 2 ** 20;
let bytesKept = 0;

function keep(key: string, weights: Uint8Array): void {
  if (weights.length > mostBytesKept) return;
  cache.set(key, weights);
  bytesKept += weights.length;
  for (const [oldest, { length }] of cache) {
    if (bytesKept <= mostBytesKept) return;
    cache.delete(oldest);
    bytesKept -= length;
  }
}
