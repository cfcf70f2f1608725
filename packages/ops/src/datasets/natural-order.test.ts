import { expect, test } from "vitest";
import { compareNaturally } from "./natural-order.ts";

test("compareNaturally takes numbers by their values, and the rest by code unit", () => {
  const ordered = [
    "",
    "0.png",
    "2.png",
    "10.png",
    "99999999999999999999.png",
    "100000000000000000000.png",
    "P",
    "P10",
    "P (02)",
    "P (2)",
    "P (2) b",
    "P (10)",
    "p1",
    "é1",
  ];
  expect([...ordered].reverse().sort(compareNaturally)).toEqual(ordered);
  for (const name of ordered) expect(compareNaturally(name, name)).toBe(0);
  expect(compareNaturally("07", "7")).toBe(-1);
});
