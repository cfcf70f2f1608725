import { expect, test } from "vitest";
import { describeHeader, quoteCell } from "./csv-messages.ts";

test("cells and headers in messages are no longer than they must be", () => {
  expect(quoteCell("a\u0007")).toBe('"a\\u0007"');
  expect(quoteCell("x".repeat(1000))).toBe(`"${"x".repeat(79)}…"`);
  expect(describeHeader(["a", "b c"])).toBe('Its columns are "a", "b c".');
  expect(describeHeader([])).toBe("It is empty.");
  expect(describeHeader(Array.from({ length: 999 }, () => "c"))).toMatch(/^Its columns are ("c", ){24}\.\.\.$/);
  for (const row of [
    ["Doe^John", "scan.dcm", "train"],
    ["12", "a"],
    ["1975-03-01", "a"],
  ]) {
    expect(describeHeader(row)).toMatch(/^Its first line does not look like names of columns/);
  }
});
