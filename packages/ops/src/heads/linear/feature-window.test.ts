import { expect, it } from "vitest";
import { lendFeatures } from "./feature-window.ts";

const drawn = Float32Array.from({ length: 12 }, (_, index) => index);

function onSharedMemory(values: Float32Array): Float32Array {
  const shared = new Float32Array(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return shared;
}

it("lends a matrix on memory of its own as it is", () => {
  const window = lendFeatures({ values: drawn, rows: 4, rowWidth: 3 }).open(Int32Array.of(3, 0));
  expect(window.values.buffer).toBe(drawn.buffer);
  expect(window).toEqual({ values: drawn, rows: 4, positions: Int32Array.of(3, 0) });
});

it("copies a small matrix on shared memory as a whole", () => {
  const window = lendFeatures({ values: onSharedMemory(drawn), rows: 4, rowWidth: 3 }).open(Int32Array.of(2));
  expect(window.values.buffer).toBeInstanceOf(ArrayBuffer);
  expect(window).toEqual({ values: drawn, rows: 4, positions: Int32Array.of(2) });
});

it("copies the rows that are asked for of a large matrix on shared memory", () => {
  const rowWidth = 2 ** 20;
  const values = new Float32Array(new SharedArrayBuffer(4 * 33 * rowWidth));
  [30, 7].forEach((row) => values.fill(row, row * rowWidth, (row + 1) * rowWidth));
  const { open, mostRows } = lendFeatures({ values, rows: 33, rowWidth });
  expect(mostRows).toBe(32);
  const { values: copied, rows, positions } = open(Int32Array.of(30, 7));
  expect(rows).toBe(2);
  expect([...positions].map((row) => copied[row * rowWidth + 5])).toEqual([30, 7]);
  expect(copied).toHaveLength(2 * rowWidth);
  expect(open(Int32Array.of(7)).values).toHaveLength(rowWidth);
});
