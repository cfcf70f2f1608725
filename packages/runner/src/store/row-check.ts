/**
 * A 64-bit check over the bits of every row, as two words per row (high, low). It guards against damage and tells rows
 * apart, not against an attacker: SHA-256 row by row would be slower than the disk.
 *
 * Four 32-bit lanes take four floats at a time. Each step (xor a word, multiply by an odd constant, xor-shift in from the
 * next lane) can be undone, so that two rows which differ within one group of four never meet before the final fold.
 * The values are stored: the function may never change.
 */
export function checkRows(rows: Float32Array, width: number): Uint32Array {
  const words = new Uint32Array(rows.buffer, rows.byteOffset, rows.length);
  const checks = new Uint32Array((rows.length / width) * 2);
  for (let row = 0; row * 2 < checks.length; row++) {
    checkRow({ words, start: row * width, width }, checks, row * 2);
  }
  return checks;
}

/** One row of float32 values, as the words of their bits. */
export interface RowWords {
  readonly words: Uint32Array;
  readonly start: number;
  readonly width: number;
}

/** Writes the check of one row to `into[at]` (high word) and `into[at + 1]` (low word). */
export function checkRow({ words, start, width }: RowWords, into: Uint32Array, at: number): void {
  const end = start + width;
  const wholeEnd = end - 3;
  // The width keeps a short row and the same row with zeros behind it apart.
  let a = 0x243f6a88 ^ width;
  let b = 0x85a308d3;
  let c = 0x13198a2e;
  let d = 0x03707344;
  let index = start;
  for (; index < wholeEnd; index += 4) {
    a = Math.imul(a ^ words[index]!, 0x9e3779b1);
    b = Math.imul(b ^ words[index + 1]!, 0x85ebca77);
    c = Math.imul(c ^ words[index + 2]!, 0xc2b2ae3d);
    d = Math.imul(d ^ words[index + 3]!, 0x27d4eb2f);
    a ^= b >>> 15;
    b ^= c >>> 13;
    c ^= d >>> 16;
    d ^= a >>> 14;
  }
  for (; index < end; index++) {
    a = Math.imul(a ^ words[index]!, 0x9e3779b1);
    a ^= b >>> 15;
    b = Math.imul(b ^ a, 0x85ebca77);
  }
  for (let round = 0; round < 4; round++) {
    a = Math.imul(a ^ (b >>> 15), 0x85ebca77);
    b = Math.imul(b ^ (c >>> 13), 0xc2b2ae3d);
    c = Math.imul(c ^ (d >>> 16), 0x27d4eb2f);
    d = Math.imul(d ^ (a >>> 14), 0x9e3779b1);
  }
  into[at] = a ^ c ^ (c >>> 16);
  into[at + 1] = b ^ d ^ (d >>> 15);
}

/** The 16 hex digits that stand for a row's check outside the store. */
export function formatRowCheck(high: number, low: number): string {
  return high.toString(16).padStart(8, "0") + low.toString(16).padStart(8, "0");
}
