import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { labelledExamples } from "../../../../tests/ops/run-single-op.ts";
import { labelWeights } from "./class-weights.ts";

/** The weights that the labels of one class have, and how many there are. */
function byClass(labels: readonly number[], weights: ArrayLike<number>): Map<number, number> {
  const sums = new Map<number, number>();
  labels.forEach((label, index) => sums.set(label, (sums.get(label) ?? 0) + weights[index]!));
  return sums;
}

describe("labelWeights", () => {
  it("is nothing where all labels count one", () => {
    expect(labelWeights(labelledExamples("train", "multi-class", 3, [0, 2, 2]), "none")).toBeNull();
    expect(labelWeights(labelledExamples("train", "multi-label", 2, [0, 1, 1, 0]), "none")).toBeNull();
  });

  it("leaves flags out that are not known", () => {
    const set = labelledExamples("train", "multi-label", 2, [0, -1, 1, 1, -1, 0]);
    expect(labelWeights(set, "none")).toEqual(Float64Array.of(1, 0, 1, 1, 0, 1));
  });

  it("gives the classes that are there the same sum each, and all examples together their number", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4), { minLength: 1, maxLength: 40 }), (labels) => {
        const weights = labelWeights(labelledExamples("train", "multi-class", 5, labels), "balanced")!;
        const sums = [...byClass(labels, weights).values()];
        for (const sum of sums) expect(sum).toBeCloseTo(labels.length / sums.length, 9);
      }),
    );
  });

  it("balances each label over the examples that it is known of", () => {
    const flags = fc.array(fc.tuple(fc.constantFrom(-1, 0, 1), fc.constantFrom(-1, 0, 1)), { minLength: 1 });
    fc.assert(
      fc.property(flags, (rows) => {
        const weights = labelWeights(labelledExamples("train", "multi-label", 2, rows.flat()), "balanced")!;
        for (const label of [0, 1]) {
          const own = rows.map((row) => row[label]!);
          const sums = byClass(own, weights.filter((_, index) => index % 2 === label)); // prettier-ignore
          expect(sums.get(-1) ?? 0).toBe(0);
          const known = own.filter((flag) => flag !== -1);
          const kinds = new Set(known);
          for (const kind of kinds) expect(sums.get(kind)).toBeCloseTo(known.length / kinds.size, 9);
        }
      }),
    );
  });
});
