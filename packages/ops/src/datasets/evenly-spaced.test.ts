import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { evenlySpaced, everyNth, share, splitByPlace } from "./evenly-spaced.ts";

const fixture = new URL("../../../../tests/ops/reference/evenly_spaced.json", import.meta.url);
const cases = JSON.parse(readFileSync(fixture, "utf8")) as readonly {
  readonly total: number;
  readonly count: number;
  readonly places: readonly number[];
}[];

describe("evenlySpaced", () => {
  test.each(cases)("gives NumPy's places: $count of $total", ({ total, count, places }) => {
    expect(evenlySpaced(total, count)).toEqual(places);
    expect(new Set(places).size).toBe(count);
  });

  test("gives none of none", () => {
    expect(evenlySpaced(9, 0)).toEqual([]);
    expect(evenlySpaced(0, 0)).toEqual([]);
  });
});

describe("splitByPlace", () => {
  test("takes val from what test leaves", () => {
    const splits = splitByPlace(7, { test: everyNth(3), val: everyNth(2) });
    expect(splits).toEqual(["test", "val", "train", "test", "val", "train", "test"]);
  });

  test.each([
    [210, [90, 50, 70]],
    [21, [9, 5, 7]],
    [1, [1, 0, 0]],
    [0, [0, 0, 0]],
  ])("keeps the shares of other numbers: %i", (total, counts) => {
    const splits = splitByPlace(total, { test: share(70, 210), val: share(50, 140) });
    expect(["train", "val", "test"].map((name) => splits.filter((split) => split === name).length)).toEqual(counts);
  });
});
