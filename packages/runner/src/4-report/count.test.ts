import { expect, it } from "vitest";
import { countOf } from "./count.ts";

it.each([
  [0, "0 tasks"],
  [1, "1 task"],
  [999, "999 tasks"],
  [1000, "1,000 tasks"],
  [1_234_567, "1,234,567 tasks"],
])("says %d tasks as %s", (count, text) => {
  expect(countOf(count, "task")).toBe(text);
});
