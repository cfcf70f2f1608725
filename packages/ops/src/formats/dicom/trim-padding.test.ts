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

test("takes no time that grows with the square of a run of spaces", () => {
  const text = `a${" ".repeat(200_000)}b`;
  const start = performance.now();
  expect(trimPadding(text)).toBe(text);
  expect(performance.now() - start).toBeLessThan(2000);
});
