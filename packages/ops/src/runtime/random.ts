import { createHash } from "node:crypto";
import { philoxBlock } from "./philox.ts";

/** Random numbers in a fixed order. */
export interface RandomStream {
  /** In [0, 1), a multiple of 2^-53. */
  readonly uniform: () => number;
  /** From the normal distribution of mean 0 and deviation 1. */
  readonly normal: () => number;
  /** One of 0 ... n - 1, all equally likely; n is at most 2^32. */
  readonly integer: (n: number) => number;
}

/**
 * The stream of a seed and of names that say what it is for, e.g. `randomStream(seed, "shuffle", epoch)`. A pure function
 * of these: the k-th number is the same on every machine, and streams of other seeds or names are independent of it, so
 * that nothing ever depends on how much another one consumed. Only integer operations, +, -, *, / and sqrt are used.
 */
export function randomStream(seed: number, ...names: readonly (string | number)[]): RandomStream {
  const nextWord = wordsOf(seed, names);
  const uniform = (): number => ((nextWord() >>> 5) * 2 ** 26 + (nextWord() >>> 6)) / 2 ** 53;
  let spare: number | null = null;

  return {
    uniform,
    normal() {
      if (spare !== null) {
        const value = spare;
        spare = null;
        return value;
      }
      // Marsaglia's polar method gives two numbers at a time.
      for (;;) {
        const x = 2 * uniform() - 1;
        const y = 2 * uniform() - 1;
        const square = x * x + y * y;
        if (square >= 1 || square === 0) continue;
        const scale = Math.sqrt((-2 * naturalLogarithm(square)) / square);
        spare = y * scale;
        return x * scale;
      }
    },
    integer(n) {
      if (!Number.isInteger(n) || n < 1 || n > 2 ** 32)
        throw new Error(`There is no integer below ${String(n)} to draw.`);
      // Words beyond the last whole multiple of n would favour the small results.
      const end = 2 ** 32 - (2 ** 32 % n);
      for (;;) {
        const word = nextWord();
        if (word < end) return word % n;
      }
    },
  };
}

/** The words of one block after the other: key and upper counter come from the seed and names, the lower counter grows. */
function wordsOf(seed: number, names: readonly (string | number)[]): () => number {
  if (!Number.isSafeInteger(seed)) throw new Error(`A seed is an integer, not ${String(seed)}.`);
  const digest = createHash("sha256")
    .update(JSON.stringify([seed, ...names]))
    .digest();
  const key = [digest.readUInt32LE(0), digest.readUInt32LE(4)] as const;
  const counter: [number, number, number, number] = [0, 0, digest.readUInt32LE(8), digest.readUInt32LE(12)];
  const block = new Uint32Array(4);
  let blocks = 0;
  let used = 4;
  return () => {
    if (used === 4) {
      counter[0] = blocks >>> 0;
      counter[1] = Math.floor(blocks / 2 ** 32);
      philoxBlock(key, counter, block);
      blocks += 1;
      used = 0;
    }
    const word = block[used] ?? 0;
    used += 1;
    return word;
  };
}

/** ln(x) for normal x > 0 to about 1e-15, by the same steps everywhere: `Math.log` may differ in its last bit. */
function naturalLogarithm(x: number): number {
  let mantissa = x;
  let exponent = 0;
  while (mantissa < Math.SQRT1_2) {
    mantissa *= 2;
    exponent -= 1;
  }
  while (mantissa >= Math.SQRT2) {
    mantissa /= 2;
    exponent += 1;
  }
  // ln m = 2 artanh t with t = (m - 1) / (m + 1), |t| < 0.172: twelve terms are enough.
  const t = (mantissa - 1) / (mantissa + 1);
  let sum = 0;
  for (let power = 23; power >= 1; power -= 2) sum = sum * t * t + 1 / power;
  return exponent * Math.LN2 + 2 * t * sum;
}
