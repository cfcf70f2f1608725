import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { randomStream } from "../runtime/random.ts";
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

describe("covariance of AUROCs whose labels differ", () => {
  // Every fifth label is unsure: positive to the one, negative to the other, left out by the third.
  const count = 400;
  const { uniform } = randomStream(3, "delong");
  const truths = Array.from({ length: count }, (_, row) => (row % 10 < 3 ? 1 : 0));
  const signal = truths.map((truth) => truth + uniform() + uniform() - 1);
  const groups = numberGroups(truths.map((_, row) => `patient ${String(Math.floor(row / 2))}`));
  const readings = [1, 0, -1].map((unsure) =>
    Int32Array.from(truths, (truth, row) => (row % 5 === 0 ? unsure : truth)),
  );
  const scores = readings.map(() => Float64Array.from(signal, (value) => value + uniform()));

  const place = (reading: number, rows: readonly number[] = [...truths.keys()]): Placements => {
    const placed = placementsOf({
      scores: Float64Array.from(rows, (row) => scores[reading]![row]!),
      labels: Int32Array.from(rows, (row) => readings[reading]![row]!),
      groups: { count: groups.count, groupOf: Int32Array.from(rows, (row) => groups.groupOf[row]!) },
    });
    if (placed === null) throw new Error("A side is missing.");
    return placed;
  };
  /** How far a covariance is from another, as correlations: where labels are opposed it may be next to nothing. */
  const gapOf = (a: Placements, b: Placements, other: number): number =>
    Math.abs(totalOf(a, b) - other) / Math.sqrt(totalOf(a, a) * totalOf(b, b));
  const pairs = [
    [0, 1],
    [0, 2],
    [1, 2],
  ] as const;

  it.each(pairs)("is the same either way: %i and %i", (first, second) => {
    const [a, b] = [place(first), place(second)];
    expect([a.positives, a.negatives]).not.toEqual([b.positives, b.negatives]);
    const [there, back] = [covarianceOf(a, b), covarianceOf(b, a)];
    expect(there.byPositives).toBeCloseTo(back.byPositives, 15);
    expect(there.byNegatives).toBeCloseTo(back.byNegatives, 15);
    expect(there.byBoth).toBeCloseTo(back.byBoth, 15);
  });

  it.each(pairs)("agrees with the product of the influences of each patient: %i and %i", (first, second) => {
    const [a, b] = [place(first), place(second)];
    const direct = Array.from({ length: groups.count }, (_, group) =>
      [a, b].map(
        ({ ofPositives, ofNegatives, positives, negatives }) =>
          ofPositives[group]! / positives + ofNegatives[group]! / negatives,
      ),
    ).reduce((sum, [ofA = 0, ofB = 0]) => sum + ofA * ofB, 0);
    // Without the corrections for few groups, which are 1.01 at most here.
    expect(gapOf(a, b, direct)).toBeLessThan(0.02);
  });

  it.each(pairs)("agrees with a bootstrap of patients: %i and %i", (first, second) => {
    const { uniform: draw } = randomStream(4, "resamples");
    const aurocs = Array.from({ length: 1500 }, () => {
      const drawn = Array.from({ length: groups.count }, () => Math.floor(draw() * groups.count));
      const rows = drawn.flatMap((group) => [2 * group, 2 * group + 1]);
      return [place(first, rows).auroc, place(second, rows).auroc] as const;
    });
    const means = [0, 1].map((side) => aurocs.reduce((sum, pair) => sum + pair[side]!, 0) / aurocs.length);
    const products = aurocs.map((pair) => (pair[0] - means[0]!) * (pair[1] - means[1]!));
    const estimate = products.reduce((sum, product) => sum + product, 0) / (aurocs.length - 1);
    expect(gapOf(place(first), place(second), estimate)).toBeLessThan(0.08);
  });
});

function totalOf(a: Placements, b: Placements): number {
  const { byPositives, byNegatives, byBoth } = covarianceOf(a, b);
  return byPositives + byNegatives + byBoth;
}
