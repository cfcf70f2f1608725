import { expect, test } from "vitest";
import { decimalsOf, textOf } from "./element-values.ts";
import type { DataElement, DataSet } from "./read-data-set.ts";
import { tags } from "./tags.ts";

test("reads decimals that are longer than the standard allows, up to a length that no number needs", () => {
  expect(decimalsOf(dataSet("1.25\\ -3e2 \\+.5\\0.1000000000000000055511151231257827"), tag)).toEqual([
    1.25, -300, 0.5, 0.1,
  ]);
  expect(decimalsOf(dataSet(`${"0".repeat(63)}7\\${"0".repeat(64)}7`), tag)).toEqual([7, NaN]);
  expect(decimalsOf(dataSet("1,5\\0x10\\Infinity\\1e999\\"), tag)).toEqual([NaN, NaN, NaN, NaN, NaN]);
});

// Minutes, where time grew with the square of the length: the test would run out of its own.
test.each([
  ["digits", `${"1".repeat(1_000_000)}x`],
  ["spaces", `1${" ".repeat(1_000_000)}x`],
  ["values", "\\".repeat(200_000)],
])("takes a long value of %s", (_, text) => {
  expect(textOf(dataSet(text), tag)).toBe(text);
  expect(decimalsOf(dataSet(text), tag).every(Number.isNaN)).toBe(true);
});

const tag = tags.rescaleSlope;

function dataSet(text: string): DataSet {
  const value = Buffer.from(text, "latin1");
  const element: DataElement = { vr: "DS", value, isLittleEndian: true, items: [], fragments: null };
  return new Map([[tag, element]]);
}
