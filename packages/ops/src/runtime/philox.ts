/**
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel Random Numbers: As Easy as 1, 2, 3; SC 2011): four random words
 * from a key of two words and a counter of four, lowest first, with no state.
 * @param block receives the four words
 */
export function philoxBlock(key: readonly [number, number], counter: PhiloxCounter, block: Uint32Array): void {
  let key0 = key[0];
  let key1 = key[1];
  let x0 = counter[0];
  let x1 = counter[1];
  let x2 = counter[2];
  let x3 = counter[3];
  for (let round = 0; round < 10; round++) {
    const high0 = highProduct(0xd2511f53, x0);
    const high1 = highProduct(0xcd9e8d57, x2);
    const low0 = Math.imul(0xd2511f53, x0) >>> 0;
    const low1 = Math.imul(0xcd9e8d57, x2) >>> 0;
    x0 = (high1 ^ x1 ^ key0) >>> 0;
    x1 = low1;
    x2 = (high0 ^ x3 ^ key1) >>> 0;
    x3 = low0;
    key0 = (key0 + 0x9e3779b9) >>> 0;
    key1 = (key1 + 0xbb67ae85) >>> 0;
  }
  block[0] = x0;
  block[1] = x1;
  block[2] = x2;
  block[3] = x3;
}

export type PhiloxCounter = readonly [number, number, number, number];

/** The upper 32 bits of the product of two unsigned 32-bit integers; every step stays below 2^53. */
function highProduct(a: number, b: number): number {
  const lower = Math.floor((a * (b & 0xffff)) / 2 ** 16);
  return Math.floor((a * (b >>> 16) + lower) / 2 ** 16);
}
