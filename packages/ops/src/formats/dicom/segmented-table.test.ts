import { describe, expect, test } from "vitest";
import { readSegmentedEntries } from "./segmented-table.ts";

describe("segmented palettes", () => {
  test("are stretches, lines and copies", () => {
    const words = [0, 2, 10, 20, 1, 2, 40, 2, 2, 0, 0, 2, 1, 0, 0];
    expect(read(words, 10)).toEqual(Uint16Array.of(10, 20, 30, 40, 10, 20, 30, 40, 10, 20));
  });

  test("may be padded by segments that hold nothing", () => {
    expect(read([0, 0, 0, 2, 10, 20, 0, 0], 2)).toEqual(Uint16Array.of(10, 20));
  });

  test("copy no segment that adds nothing, of which 8 bytes could ask for 65,535", () => {
    const empty = new Array<number>(2 * 65535).fill(0);
    const copies = Array.from({ length: 40 }, () => [2, 65535, 0, 0]).flat();
    expect(read([...empty, ...copies, 0, 2, 10, 20], 2)).toBeNull();
    expect(read([0, 1, 10, 1, 0, 50, 2, 2, 0, 0, 0, 1, 20], 3)).toBeNull();
  });

  test("add no more entries than they say", () => {
    const copies = Array.from({ length: 40 }, () => [2, 1, 0, 0]).flat();
    expect(read([0, 2, 10, 20, ...copies], 82)).toHaveLength(82);
    expect(read([0, 2, 10, 20, ...copies], 81)).toBeNull();
    expect(read([0, 2, 10, 20, ...copies], 83)).toBeNull();
  });
});

function read(words: readonly number[], count: number): Uint16Array | null {
  const value = new Uint8Array(Uint16Array.from(words).buffer);
  const element = { vr: "OW", value, isLittleEndian: true, items: [], fragments: null };
  return readSegmentedEntries(element, { count, firstMapped: 0, bits: 16 });
}
