import { describe, expect, it } from "vitest";
import type { TableLines } from "./live-table.ts";
import { stackTables, windowOf } from "./scroll-window.ts";

function table(name: string, rows: number, activeRow: number | null = null): TableLines {
  return {
    title: [`title ${name}`],
    headings: [`heads ${name}`, "----"],
    rows: Array.from({ length: rows }, (_, row) => `      ${row}`),
    wholeRow: (row) => `label ${row}`,
    foot: ["===="],
    activeRow,
    columns: { first: 0, shown: 1, all: 1 },
  };
}

describe("a window over tables", () => {
  it("shows all of what has room", () => {
    const document = stackTables([table("a", 2), table("b", 1)]);
    expect(windowOf(document, 20, null).lines).toEqual([
      ...["title a", "heads a", "----", "      0", "      1", "====", ""],
      ...["title b", "heads b", "----", "      0", "===="],
    ]);
  });

  it("keeps title and headings in sight, and labels the first row in full", () => {
    const window = windowOf(stackTables([table("a", 50)]), 8, 20);
    expect(window.lines).toEqual([
      ...["title a", "heads a", "----"],
      ...["label 20", "      21", "      22", "      23", "      24"],
    ]);
    expect(window.rows).toEqual({ first: 21, last: 25, all: 50 });
  });

  it("keeps the headings alone where there is little room", () => {
    expect(windowOf(stackTables([table("a", 50)]), 4, 20).lines).toEqual(["heads a", "----", "label 19", "      20"]);
  });

  it("shows every row at some position, and never more lines than it has", () => {
    const document = stackTables([table("a", 9), table("b", 12)]);
    for (let height = 1; height < 12; height += 1) {
      const tops = Array.from({ length: document.lines.length }, (_, top) => windowOf(document, height, top));
      expect(tops.every(({ lines }) => lines.length === height)).toBe(true);
    }
    const seen = Array.from({ length: document.lines.length }, (_, top) => windowOf(document, 8, top).lines).flat();
    for (let row = 0; row < 12; row += 1) expect(seen.some((line) => line.endsWith(` ${row}`))).toBe(true);
  });

  it("follows the row that something runs on", () => {
    for (let row = 0; row < 100; row += 1) {
      const { rows } = windowOf(stackTables([table("a", 100, row)]), 12, null);
      expect(rows?.first).toBeLessThanOrEqual(row + 1);
      expect(rows?.last).toBeGreaterThanOrEqual(row + 1);
    }
  });
});
