import { expect, it } from "vitest";
import { bytesOfValues, halfOf, numberOfHalf, roundToType, valuesOfBytes } from "./element-values.ts";

// Bits as numpy.float16(value).view("uint16") gives them.
it.each([
  [0, 0x0000],
  [-0, 0x8000],
  [1, 0x3c00],
  [-2, 0xc000],
  [65504, 0x7bff],
  [65519.9, 0x7bff],
  [65520, 0x7c00],
  [-Infinity, 0xfc00],
  [Number.NaN, 0x7e00],
  [2 ** -24, 0x0001],
  [2 ** -25, 0x0000],
  [1.5 * 2 ** -24, 0x0002],
  [2 ** -14, 0x0400],
  [2 ** -14 - 2 ** -25, 0x0400],
  [1 + 2 ** -11, 0x3c00],
  [1 + 3 * 2 ** -11, 0x3c02],
  [0.1, 0x2e66],
  [3.14159, 0x4248],
  [2047.5, 0x6800],
])("halves %d", (value, bits) => {
  expect(halfOf(value)).toBe(bits);
});

it("writes every type in its own width", () => {
  const widths = (["float32", "float64", "float16", "int64", "int32", "bool"] as const).map(
    (type) => bytesOfValues([1, -1], type).length / 2,
  );
  expect(widths).toEqual([4, 8, 2, 8, 4, 1]);
  expect(new BigInt64Array(bytesOfValues([-3], "int64").buffer)[0]).toBe(-3n);
});

it("writes the bounds of whole numbers, which are no numbers of float64, as they are", () => {
  const bounds = [2 ** 63, -(2 ** 63), Infinity, 2 ** 53];
  const { buffer } = bytesOfValues(bounds, "int64");
  expect([...new BigInt64Array(buffer as ArrayBuffer)]).toEqual([
    2n ** 63n - 1n,
    -(2n ** 63n),
    2n ** 63n - 1n,
    2n ** 53n,
  ]);
  expect(roundToType(2 ** 31 + 5, "int32")).toBe(valuesOfBytes(bytesOfValues([2 ** 31 + 5], "int32"), "int32")[0]);
});

it("reads every half back", () => {
  const bits = Array.from({ length: 1 << 16 }, (_, each) => each).filter((each) => !Number.isNaN(numberOfHalf(each)));
  expect(bits.map((each) => halfOf(numberOfHalf(each)))).toEqual(bits);
});

it.each(["float32", "float64", "float16", "int64", "int32", "bool"] as const)("reads and writes %s", (type) => {
  const values = [0, 1, -3, 0.1, 7.9].map((value) => roundToType(value, type));
  expect(valuesOfBytes(bytesOfValues(values, type), type)).toEqual(values);
});
