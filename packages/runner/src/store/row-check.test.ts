import { expect, test } from "vitest";
import fc from "fast-check";
import { checkRows, formatRowCheck } from "./row-check.ts";

const checksOf = (rows: Float32Array, width: number): readonly string[] => {
  const checks = checkRows(rows, width);
  return Array.from({ length: checks.length / 2 }, (_, row) =>
    formatRowCheck(checks[row * 2] ?? 0, checks[row * 2 + 1] ?? 0),
  );
};

test("never changes, since checks are stored", () => {
  const rows = Float32Array.from({ length: 21 }, (_, index) => index / 8 - 1);
  expect(checksOf(rows, 7)).toEqual(["998c9cebb50a0163", "c3b337229b56bb0e", "054a96c49fa3f5d5"]);
  expect(checksOf(rows, 21)).toEqual(["5035bc8cb39cc756"]);
  expect(checksOf(Float32Array.of(0, 0, 0, 0), 4)).toEqual(["15361b32daadb1de"]);
});

test("is a row's own, wherever the row lies", () => {
  const rows = Float32Array.from({ length: 30 }, (_, index) => Math.sin(index));
  const one = rows.slice(10, 20);
  expect(checksOf(one, 10)).toEqual(checksOf(rows, 10).slice(1, 2));
  expect(checksOf(rows.subarray(10, 20), 10)).toEqual(checksOf(one, 10));
});

test("changes with every single bit", () => {
  const words = fc.array(fc.nat(0xffffffff), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(words, fc.nat(), fc.nat(31), (values, place, bit) => {
      const row = Uint32Array.from(values);
      const before = checksOf(new Float32Array(row.buffer), row.length);
      const at = place % row.length;
      row[at] = (row[at] ?? 0) ^ (1 << bit);
      expect(checksOf(new Float32Array(row.buffer), row.length)).not.toEqual(before);
    }),
    { numRuns: 500 },
  );
});

test("tells a row from itself with zeros behind, and from its words in another order", () => {
  const row = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const checks = [row, Float32Array.of(...row, 0), Float32Array.of(5, 6, 7, 8, 1, 2, 3, 4), row.toReversed()];
  expect(new Set(checks.flatMap((values) => checksOf(values, values.length))).size).toBe(4);
});

test("spreads over all 64 bits", () => {
  const width = 16;
  const count = 4000;
  const rows = Float32Array.from({ length: count * width }, (_, index) =>
    index % width === 5 ? Math.floor(index / width) : 0.5,
  );
  const checks = checkRows(rows, width);
  for (let bit = 0; bit < 64; bit++) {
    let ones = 0;
    for (let row = 0; row < count; row++) ones += ((checks[row * 2 + (bit >> 5)] ?? 0) >>> (bit & 31)) & 1;
    // Six deviations of a fair coin.
    expect(Math.abs(ones - count / 2), `bit ${String(bit)}`).toBeLessThan(6 * Math.sqrt(count / 4));
  }
});
