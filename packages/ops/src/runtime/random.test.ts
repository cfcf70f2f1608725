import { describe, expect, it } from "vitest";
import { philoxBlock } from "./philox.ts";
import { randomStream } from "./random.ts";

describe("philoxBlock", () => {
  // The known answers that its authors publish for philox4x32-10.
  it.each([
    [
      [0, 0],
      [0, 0, 0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0xa4093822, 0x299f31d0],
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ] as const)("turns key %j and counter %j into the known answer", (key, counter, expected) => {
    const block = new Uint32Array(4);
    philoxBlock(key, counter, block);
    expect([...block]).toEqual(expected);
  });
});

describe("randomStream", () => {
  it("is a function of seed and names alone", () => {
    const first = take(randomStream(7, "a", 1).uniform);
    expect(take(randomStream(7, "a", 1).uniform)).toEqual(first);
    for (const other of [
      randomStream(8, "a", 1),
      randomStream(7, "b", 1),
      randomStream(7, "a1"),
      randomStream(7, "a", "1"),
    ]) {
      expect(take(other.uniform)).not.toEqual(first);
    }
  });

  it("keeps its numbers from release to release", () => {
    const stream = randomStream(42, "known");
    expect([stream.uniform(), stream.integer(100), stream.normal(), stream.normal(), stream.uniform()]).toEqual([
      0.9065010722088003, 41, -1.1551262295962454, 0.6990810111530363, 0.6816064664370566,
    ]);
  });

  it("has normal numbers of mean 0 and deviation 1 without memory", () => {
    const values = take(randomStream(3).normal, 20_000);
    const moment = (power: number): number => values.reduce((sum, value) => sum + value ** power, 0) / values.length;
    const lagged = values.reduce((sum, value, index) => sum + value * (values[index + 1] ?? 0), 0) / values.length;
    // Four standard errors of each statistic.
    expect(Math.abs(moment(1))).toBeLessThan(4 / Math.sqrt(values.length));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / values.length));
    expect(Math.abs(moment(3))).toBeLessThan(4 * Math.sqrt(15 / values.length));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / values.length));
    expect(Math.abs(lagged)).toBeLessThan(4 / Math.sqrt(values.length));
  });

  it("spreads integers evenly", () => {
    const stream = randomStream(4, "integers");
    const counts = new Array<number>(6).fill(0);
    for (const value of take(() => stream.integer(6), 6000)) counts[value] = (counts[value] ?? 0) + 1;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    // The 0.1 % quantile of chi square with five degrees of freedom.
    expect(chiSquare).toBeLessThan(20.5);
  });

  it("refuses seeds and limits that are no integers in range", () => {
    expect(() => randomStream(0.5)).toThrow("A seed is an integer, not 0.5.");
    expect(() => randomStream(1).integer(0)).toThrow("There is no integer below 0 to draw.");
  });
});

function take(draw: () => number, count = 20): readonly number[] {
  return Array.from({ length: count }, draw);
}
