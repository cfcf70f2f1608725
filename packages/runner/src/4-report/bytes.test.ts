import { expect, it } from "vitest";
import { formatBytes } from "./bytes.ts";

it.each([
  [0, "0 B"],
  [512, "512 B"],
  [999, "999 B"],
  [1000, "1.0 kB"],
  [1440, "1.4 kB"],
  [9960, "10 kB"],
  [999_499, "999 kB"],
  [999_500, "1.0 MB"],
  [23_400_000, "23 MB"],
  [1_217_000_000, "1.2 GB"],
  [8e12, "8.0 TB"],
  [2.5e18, "2500 PB"],
  [-1, "?"],
  [Number.NaN, "?"],
])("says %d bytes as %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
