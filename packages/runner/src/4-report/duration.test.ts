import { expect, it } from "vitest";
import { formatDuration } from "./duration.ts";

it.each([
  [0, "0 s"],
  [0.012, "< 0.1 s"],
  [0.4, "0.4 s"],
  [9.94, "9.9 s"],
  [9.96, "10 s"],
  [12.3, "12 s"],
  [59.4, "59 s"],
  [59.6, "1 min 00 s"],
  [184, "3 min 04 s"],
  [3599.6, "1 h 00 min"],
  [2 * 3600 + 5 * 60 + 20, "2 h 05 min"],
  [47 * 3600 + 59 * 60 + 40, "2 d 00 h"],
  [76 * 3600, "3 d 04 h"],
  [-1, "?"],
  [Number.NaN, "?"],
  [Number.POSITIVE_INFINITY, "?"],
])("says %f seconds as %s", (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});
