import { describe, expect, test } from "vitest";
import { readCsvRecords } from "./csv-records.ts";

describe("readCsvRecords", () => {
  test("gives lines and trimmed cells of a file without quotes, and of one with them", () => {
    const records = [
      { line: 1, cells: ["a", "b", "c"] },
      { line: 3, cells: ["1", "", "x y"] },
      { line: 4, cells: ["2", "3"] },
    ];
    expect(read("\uFEFFa,b , c\r\n\r\n1,,x y\r\n2,3")).toEqual(records);
    expect(read('\uFEFF"a",b , c\r\n\r\n"1",,"x y"\r\n2,3\r\n')).toEqual(records);
  });

  test("keeps commas and line ends within quotes", () => {
    expect(read('a,"b,c"\n"d\ne",f\ng,h\n')).toEqual([
      { line: 1, cells: ["a", "b,c"] },
      { line: 3, cells: ["d\ne", "f"] },
      { line: 4, cells: ["g", "h"] },
    ]);
  });

  test("gives nothing of an empty file", () => {
    expect([read(""), read("\n \n")]).toEqual([[], []]);
  });

  test.each([
    ["an open quote", new TextEncoder().encode('a,"b\n'), /list.csv cannot be read as CSV: .*[Qq]uote/],
    ["bytes that are no UTF-8", Uint8Array.of(0x61, 0xff, 0x0a), /it is not UTF-8 text/],
    ["a line without end", new Uint8Array(70_000).fill(0x2c), /line 1 has more than 65536 characters/],
    ["a quoted cell without end", new TextEncoder().encode(`"${"a,".repeat(70_000)}`), /cannot be read as CSV/],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => [...readCsvRecords("/there/list.csv", bytes)]).toThrow(message);
  });
});

function read(text: string): readonly unknown[] {
  return [...readCsvRecords("/there/list.csv", new TextEncoder().encode(text))];
}
