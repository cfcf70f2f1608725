import { expect, test } from "vitest";
import { trimPadding } from "./trim-padding.ts";

test.each([
  ["", ""],
  [" ", ""],
  ["\0 \0", ""],
  ["a", "a"],
  [" \0a b\0c \0 ", "a b\0c"],
  ["\ta\u00a0\n", "\ta\u00a0\n"],
])("%j without padding is %j", (text, trimmed) => {
  expect(trimPadding(text)).toBe(trimmed);
});

// Seconds, where time grew with the square of the run: the test would run out of its own.
test("takes a long run of spaces", () => {
  const text = `a${" ".repeat(1_000_000)}b`;
  expect(trimPadding(text)).toBe(text);
});
