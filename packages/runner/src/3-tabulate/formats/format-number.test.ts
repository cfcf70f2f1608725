import { describe, expect, it } from "vitest";
import type { Cell, Table } from "../table.ts";
import { chooseDigits, formatNumber, formatP } from "./format-number.ts";

describe("formatNumber", () => {
  it.each([
    [0.8125, 3, "0.813"],
    [0.0625, 3, "0.063"],
    // The shortest spelling is 1.0005, though the nearest double lies below it.
    [1.0005, 3, "1.001"],
    [-1.0005, 3, "-1.001"],
    [-0.0004, 3, "0.000"],
    [-0, 3, "0.000"],
    [0.9996, 3, "1.000"],
    [1e-9, 3, "0.000"],
    [1412, 0, "1412"],
    [2.5, 0, "3"],
  ])("writes %f with %d decimals as %s", (value, digits, text) => {
    expect(formatNumber(value, digits)).toBe(text);
  });
});

describe("formatP", () => {
  it.each([
    [0, "p < 0.001"],
    [0.00099, "p < 0.001"],
    [0.001, "p = 0.001"],
    [0.0496, "p = 0.050"],
    [1, "p = 1.000"],
  ])("writes %f as %s", (p, text) => {
    expect(formatP(p)).toBe(text);
  });
});

describe("chooseDigits", () => {
  it.each([
    ["scores", [0.71, 0.85], 3],
    ["rows that three decimals would not tell apart", [0.99951, 0.99972], 4],
    ["rows that differ by next to nothing", [0.5, 0.5 + 1e-9], 5],
    ["equal rows", [0.5, 0.5], 3],
    ["only zeros and ones", [0, 1], 3],
    ["ranks", [1, 2, 3], 0],
    ["tied ranks", [1, 2.5, 2.5], 1],
    ["seconds", [12.345, 1412.25], 1],
    ["no numbers", [null], 3],
  ] as const)("for %s", (_, means, digits) => {
    expect(chooseDigits(columnOf(means)).get("test.auroc")).toBe(digits);
  });

  it("shows at least one figure of the largest deviation", () => {
    const table = columnOf([0.5, 0.7]);
    const cells = table.cells.map((cell) => ({ ...cell, std: 0.0002 }));
    expect(chooseDigits({ ...table, cells }).get("test.auroc")).toBe(4);
  });
});

function columnOf(means: readonly (number | null)[]): Table {
  const cells = means.map((mean, index): Cell => {
    const row = { row: index };
    const absent = { ci95: null, ciMethod: null, nTest: null, nGroups: null, p: null, pAdjusted: null, expected: null };
    const training = { nTrain: null, nTrainGroups: null, nTrainPerClass: null };
    const rest = { n: 1, std: null, notes: [], tasks: ["t"], done: 1, failed: 0, best: false, likeBest: false };
    return { row, column: {}, metric: "test.auroc", mean, ...absent, ...training, ...rest };
  });
  return { version: 1, title: "t", rows: cells.map((cell) => cell.row), columns: [{}], cells, notes: [] };
}
