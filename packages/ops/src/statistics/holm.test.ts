import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adjustByHolm } from "./holm.ts";

const fixture = new URL("../../../../tests/ops/reference/statistics_tests.json", import.meta.url);
const { holm } = JSON.parse(readFileSync(fixture, "utf8")) as {
  readonly holm: readonly { readonly p: readonly number[]; readonly adjusted: readonly number[] }[];
};

describe("adjustByHolm", () => {
  it.each(holm)("agrees with statsmodels on $p", ({ p, adjusted }) => {
    adjustByHolm(p).forEach((each, index) => expect(each).toBeCloseTo(adjusted[index] ?? Number.NaN, 12));
  });

  it("counts what was not tested as no test", () => {
    expect(adjustByHolm([null, 0.01, null, 0.03])).toEqual([null, 0.02, null, 0.03]);
    expect(adjustByHolm([])).toEqual([]);
  });

  it("never makes a p value smaller, and keeps their order", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (p) => {
        const adjusted = adjustByHolm(p).map((each) => each ?? Number.NaN);
        p.forEach((each, index) => expect(adjusted[index]).toBeGreaterThanOrEqual(each));
        const byP = [...p.keys()].sort((a, b) => p[a]! - p[b]!);
        byP.slice(1).forEach((index, place) => expect(adjusted[index]).toBeGreaterThanOrEqual(adjusted[byP[place]!]!));
      }),
    );
  });
});
