import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawWeights, resampleWeights } from "./resampling.ts";

const anyGroups = fc.integer({ min: 1, max: 300 });
const anySeed = fc.integer({ min: 0, max: 1000 });

describe("resampleWeights", () => {
  it("draws as many groups as there are in every resample", () => {
    fc.assert(
      fc.property(anyGroups, anySeed, fc.integer({ min: 1, max: 9 }), (groups, seed, count) => {
        const weights = resampleWeights({ groups, seed, first: 3, count });
        for (let column = 0; column < count; column++) {
          expect(columnOf(weights, count, column).reduce((sum, weight) => sum + weight, 0)).toBe(groups);
        }
      }),
    );
  });

  it("gives a resample the same weights in a block of any size", () => {
    fc.assert(
      fc.property(anyGroups, anySeed, fc.nat(20), fc.integer({ min: 1, max: 9 }), (groups, seed, first, count) => {
        const block = resampleWeights({ groups, seed, first, count });
        const at = (first * 7) % count;
        const alone = drawWeights({ groups, seed, first: first + at, count: 1 });
        expect(columnOf(block, count, at)).toEqual([...alone]);
      }),
    );
  });

  it("gives other resamples and seeds other weights", () => {
    const columns = [0, 1, 2].flatMap((seed) =>
      [0, 1, 2].map((first) => drawWeights({ groups: 50, seed, first, count: 1 }).join(" ")),
    );
    expect(new Set(columns).size).toBe(9);
  });

  it("draws every group equally often, as a multinomial does", () => {
    for (const groups of [7, 100]) {
      const count = 4000;
      const weights = drawWeights({ groups, seed: 1, first: 0, count });
      const [mean, variance] = [1, 1 - 1 / groups];
      for (let group = 0; group < groups; group++) {
        const row = weights.subarray(group * count, (group + 1) * count);
        const average = row.reduce((sum, weight) => sum + weight, 0) / count;
        // Five standard errors.
        expect(Math.abs(average - mean)).toBeLessThan(5 * Math.sqrt(variance / count));
        const spread = row.reduce((sum, weight) => sum + (weight - mean) ** 2, 0) / count;
        expect(Math.abs(spread - variance)).toBeLessThan(5 * Math.sqrt(3 / count));
      }
    }
  });

  it("draws alike by integers of 32 bits and by larger ones", () => {
    // Beyond 2^16 groups another way is taken; a sum over the middle tells that both see the whole range.
    for (const groups of [2 ** 16 - 1, 2 ** 16, 2 ** 16 + 1]) {
      const weights = drawWeights({ groups, seed: 5, first: 0, count: 1 });
      const lower = weights.subarray(0, groups / 2).reduce((sum, weight) => sum + weight, 0);
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBe(groups);
      expect(Math.abs(lower / groups - 0.5)).toBeLessThan(0.01);
    }
  });

  it("is the same on every machine", () => {
    expect([...drawWeights({ groups: 10, seed: 7, first: 2, count: 1 })]).toEqual([1, 1, 2, 2, 0, 2, 0, 1, 1, 0]);
  });
});

function columnOf(weights: Uint8Array, count: number, column: number): readonly number[] {
  return Array.from({ length: weights.length / count }, (_, group) => weights[group * count + column]!);
}
