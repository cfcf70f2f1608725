import type { WeightBlock } from "./metric.ts";

/** One resample in which every example counts once. What is measured goes the same way as what is resampled. */
export function everyExampleOnce(examples: number): WeightBlock {
  return { count: 1, weights: Uint8Array.of(1), groupOf: new Int32Array(examples) };
}

/**
 * Adds the weights of one example to a sum per resample. Sums of weights fit into 32 bits: eight million examples of the
 * largest weight.
 */
export function addWeights(sums: Int32Array, { count, weights, groupOf }: WeightBlock, row: number): void {
  addRow(sums, weights, groupOf[row]! * count);
}

/** Adds the weights of one example, each multiplied by a number of the example's own. */
export function addProducts(sums: Float64Array, { count, weights, groupOf }: WeightBlock, of: RowFactor): void {
  const offset = groupOf[of.row]! * count;
  const { factor } = of;
  for (let resample = 0; resample < count; resample++) {
    sums[resample] = sums[resample]! + factor * weights[offset + resample]!;
  }
}

export interface RowFactor {
  readonly row: number;
  readonly factor: number;
}

/** Sets the sums to those of the examples `rows[start]` to `rows[end - 1]`; for many runs of one block see `createRunSums`. */
export function sumWeights(sums: Int32Array, block: WeightBlock, run: RowRange): void {
  createRunSums(block)(sums, run);
}

/** Sets the sums to those of one run of examples. */
export type SumRun = (sums: Int32Array, run: RowRange) => void;

/**
 * How runs of examples are summed up in a block. Most of a bootstrap's time goes into this: where the block is laid out for it,
 * four weights are added at a time, as two pairs of 16 bits in one number, and four examples before anything is stored.
 */
export function createRunSums(block: WeightBlock): SumRun {
  const { count, weights, groupOf } = block;
  const sumPlainly: SumRun = (sums, { rows, start, end }) => {
    if (start === end) {
      sums.fill(0);
      return;
    }
    copyRow(sums, weights, groupOf[rows[start]!]! * count);
    for (let place = start + 1; place < end; place++) addRow(sums, weights, groupOf[rows[place]!]! * count);
  };
  if (count % 4 !== 0 || weights.byteOffset % 4 !== 0 || !isLittleEndian) return sumPlainly;

  const width = count / 4;
  const words = new Int32Array(weights.buffer, weights.byteOffset, weights.length / 4);
  const even = new Int32Array(width);
  const odd = new Int32Array(width);
  const wordsOf = (rows: Int32Array, place: number): number => groupOf[rows[place]!]! * width;
  return (sums, { rows, start, end }) => {
    if (end - start < fewestPacked) {
      sumPlainly(sums, { rows, start, end });
      return;
    }
    sums.fill(0);
    // 256 weights of 255 fit into 16 bits.
    for (let from = start; from < end; from += 256) {
      const to = Math.min(end, from + 256);
      even.fill(0);
      odd.fill(0);
      let place = from;
      for (; place + 3 < to; place += 4) {
        const starts: FourStarts = [
          wordsOf(rows, place),
          wordsOf(rows, place + 1),
          wordsOf(rows, place + 2),
          wordsOf(rows, place + 3),
        ];
        addFour(words, starts, { even, odd });
      }
      for (; place < to; place++) addOne(words, wordsOf(rows, place), { even, odd });
      unpack(sums, { even, odd });
    }
  };
}

const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** Shorter runs are summed up sooner than they are unpacked. */
const fewestPacked = 3;

/** Sums of the first and third, and of the second and fourth, of every four resamples, 16 bits each. */
interface PackedSums {
  readonly even: Int32Array;
  readonly odd: Int32Array;
}

type FourStarts = readonly [number, number, number, number];

const lowBytes = 0x00ff00ff;

function addFour(words: Int32Array, [a, b, c, d]: FourStarts, { even, odd }: PackedSums): void {
  for (let word = 0; word < even.length; word++) {
    const first = words[a + word]!;
    const second = words[b + word]!;
    const third = words[c + word]!;
    const fourth = words[d + word]!;
    even[word] = even[word]! + (first & lowBytes) + (second & lowBytes) + (third & lowBytes) + (fourth & lowBytes);
    odd[word] =
      odd[word]! +
      ((first >>> 8) & lowBytes) +
      ((second >>> 8) & lowBytes) +
      ((third >>> 8) & lowBytes) +
      ((fourth >>> 8) & lowBytes);
  }
}

function addOne(words: Int32Array, start: number, { even, odd }: PackedSums): void {
  for (let word = 0; word < even.length; word++) {
    const weights = words[start + word]!;
    even[word] = even[word]! + (weights & lowBytes);
    odd[word] = odd[word]! + ((weights >>> 8) & lowBytes);
  }
}

function unpack(sums: Int32Array, { even, odd }: PackedSums): void {
  for (let word = 0; word < even.length; word++) {
    const place = 4 * word;
    const first = even[word]!;
    const second = odd[word]!;
    sums[place] = sums[place]! + (first & 0xffff);
    sums[place + 1] = sums[place + 1]! + (second & 0xffff);
    sums[place + 2] = sums[place + 2]! + (first >>> 16);
    sums[place + 3] = sums[place + 3]! + (second >>> 16);
  }
}

export interface RowRange {
  readonly rows: Int32Array;
  readonly start: number;
  readonly end: number;
}

/** Four resamples a turn: most of a bootstrap's time is spent in this loop, and half of that on its own counting. */
function addRow(sums: Int32Array, weights: Uint8Array, offset: number): void {
  const count = sums.length;
  let resample = 0;
  for (; resample + 3 < count; resample += 4) {
    const place = offset + resample;
    sums[resample] = sums[resample]! + weights[place]!;
    sums[resample + 1] = sums[resample + 1]! + weights[place + 1]!;
    sums[resample + 2] = sums[resample + 2]! + weights[place + 2]!;
    sums[resample + 3] = sums[resample + 3]! + weights[place + 3]!;
  }
  for (; resample < count; resample++) sums[resample] = sums[resample]! + weights[offset + resample]!;
}

function copyRow(sums: Int32Array, weights: Uint8Array, offset: number): void {
  for (let resample = 0; resample < sums.length; resample++) sums[resample] = weights[offset + resample]!;
}
