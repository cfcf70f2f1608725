import { expect, it } from "vitest";
import { testRanks } from "./friedman.ts";
import { tieValue } from "./tie-value.ts";

it("takes means for equal that are sums of the same shares in another order", () => {
  const first = (0.86 + 0.46) / 2;
  const second = (0.1 + 0.2 + 0.3 + 0.06) * 1;
  const third = 0.6 + 0.05 + 0.01;
  expect(new Set([first, second, third]).size).toBeGreaterThan(1);
  expect(new Set([first, second, third].map(tieValue))).toEqual(new Set([0.66]));
  expect(
    testRanks(
      [[first], [second], [third]].map((row) => row.map(tieValue)),
      "max",
    ).averageRanks,
  ).toEqual([2, 2, 2]);
  expect(tieValue(0.5 + 1e-10)).not.toBe(0.5);
});
