import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { covarianceOf, placementsOf, type Placements } from "./delong.ts";
import { normalTwoSided } from "./distributions.ts";
import { numberGroups } from "./example-groups.ts";

interface DelongCase {
  readonly name: string;
  readonly groups: readonly number[];
  readonly labels: readonly number[];
  readonly scores: readonly (readonly number[])[];
  readonly aurocs: readonly number[];
  readonly covariance: readonly (readonly number[])[];
  readonly p: number;
}

const fixture = new URL("../../../../tests/ops/reference/statistics_tests.json", import.meta.url);
const { delong } = JSON.parse(readFileSync(fixture, "utf8")) as { readonly delong: readonly DelongCase[] };

describe.each(delong)("covariance of AUROCs: $name", ({ groups, labels, scores, aurocs, covariance, p }) => {
  const placed = scores.map((each) =>
    placementsOf({
      scores: Float64Array.from(each),
      labels: Int32Array.from(labels),
      groups: numberGroups(groups.map((group) => `patient ${String(group)}`)),
    }),
  ) as readonly Placements[];

  it("agrees with the definition over all pairs", () => {
    placed.forEach((each, row) => expect(each.auroc).toBeCloseTo(aurocs[row] ?? Number.NaN, 12));
    placed.forEach((left, row) =>
      placed.forEach((right, column) =>
        expect(Math.abs(totalOf(left, right) - (covariance[row]?.[column] ?? Number.NaN))).toBeLessThan(1e-12),
      ),
    );
  });

  it("gives the p value of the difference", () => {
    const [a, b] = placed as [Placements, Placements];
    const z = (a.auroc - b.auroc) / Math.sqrt(totalOf(a, a) + totalOf(b, b) - 2 * totalOf(a, b));
    expect(Math.abs(normalTwoSided(z) - p)).toBeLessThan(1e-9);
  });
});

it("has no placements without both sides", () => {
  const groups = numberGroups([null, null]);
  const scores = Float64Array.of(0.1, 0.2);
  expect(placementsOf({ scores, labels: Int32Array.of(1, 1), groups })).toBeNull();
  expect(placementsOf({ scores, labels: Int32Array.of(0, -1), groups })).toBeNull();
});

function totalOf(a: Placements, b: Placements): number {
  const { byPositives, byNegatives, byBoth } = covarianceOf(a, b);
  return byPositives + byNegatives + byBoth;
}
