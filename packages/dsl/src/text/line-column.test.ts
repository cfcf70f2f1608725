import { describe, expect, it } from "vitest";
import { createLineLookup, lineColumnAt } from "./line-column.ts";

describe("lineColumnAt", () => {
  const text = "ab\ncd\r\n\ref";
  it.each([
    [0, 1, 1],
    [2, 1, 3],
    [3, 2, 1],
    [7, 3, 1],
    [8, 4, 1],
    [10, 4, 3],
    [-5, 1, 1],
    [99, 4, 3],
  ])("puts offset %i at line %i, column %i", (offset, line, column) => {
    expect(lineColumnAt({ path: "a.exp", text }, offset)).toEqual({ line, column });
  });

  it("finds an empty text's one line", () => {
    expect(lineColumnAt({ path: "a.exp", text: "" }, 0)).toEqual({ line: 1, column: 1 });
  });
});

describe("createLineLookup", () => {
  it("gives lines without their ends", () => {
    const lines = createLineLookup({ path: "a.exp", text: "ab\r\ncd\n" });
    expect(lines.lineCount).toBe(3);
    expect([1, 2, 3].map((line) => lines.lineAt(line))).toEqual([
      { text: "ab", start: 0 },
      { text: "cd", start: 4 },
      { text: "", start: 7 },
    ]);
  });
});
