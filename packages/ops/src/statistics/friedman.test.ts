import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { criticalDifference, findCliques, testRanks } from "./friedman.ts";

interface FriedmanCase {
  readonly name: string;
  readonly scores: readonly (readonly number[])[];
  readonly averageRanks: readonly number[];
  readonly chiSquare: number;
  readonly p: number;
  readonly imanDavenport: number;
  readonly pImanDavenport: number;
  readonly criticalDifference: number;
}

const fixture = new URL("../../../../tests/ops/reference/statistics_tests.json", import.meta.url);
const { friedman } = JSON.parse(readFileSync(fixture, "utf8")) as { readonly friedman: readonly FriedmanCase[] };

describe("testRanks", () => {
  it.each(friedman)("agrees with SciPy: $name", ({ scores, ...expected }) => {
    const found = testRanks(scores, "max");
    found.averageRanks.forEach((each, row) => expect(each).toBeCloseTo(expected.averageRanks[row] ?? Number.NaN, 12));
    for (const name of ["chiSquare", "p", "imanDavenport", "pImanDavenport"] as const) {
      const error = Math.abs((found[name] ?? Number.NaN) - expected[name]) / Math.max(1, expected[name]);
      expect(error, name).toBeLessThan(1e-9);
    }
    const difference = criticalDifference(0.05, scores.length, scores[0]?.length ?? 0);
    expect(difference).toBeCloseTo(expected.criticalDifference, 10);
  });

  it("ranks the smallest first where that is wanted", () => {
    const scores = friedman[0]?.scores ?? [];
    const turned = testRanks(
      scores.map((row) => row.map((value) => -value)),
      "min",
    );
    expect(turned).toEqual(testRanks(scores, "max"));
  });

  it("has nothing to test where all rows are alike, and a certain answer where all data sets agree", () => {
    const alike = testRanks([[1, 2], [1, 2]], "max"); // prettier-ignore
    expect(alike).toMatchObject({ averageRanks: [1.5, 1.5], chiSquare: null, p: null, imanDavenport: null });
    const agreed = testRanks([[3, 5, 4], [2, 3, 3], [1, 1, 2]], "max"); // prettier-ignore
    expect(agreed.averageRanks).toEqual([1, 2, 3]);
    expect(agreed.chiSquare).toBeCloseTo(6, 12);
    expect(agreed).toMatchObject({ imanDavenport: null, pImanDavenport: 0 });
  });
});

describe("Demsar's worked example (2006, 3.2.2)", () => {
  const { averageRanks } = testRanks(friedman[0]?.scores ?? [], "max");

  it("has the published ranks and critical differences", () => {
    expect(averageRanks.map((rank) => rank.toFixed(3))).toEqual(["3.143", "2.000", "2.893", "1.964"]);
    expect(criticalDifference(0.05, 4, 14).toFixed(2)).toBe("1.25");
    expect(criticalDifference(0.1, 4, 14).toFixed(2)).toBe("1.12");
  });

  it("has the published statistics, which are not corrected for ties", () => {
    const plain = ((12 * 14) / (4 * 5)) * averageRanks.reduce((sum, rank) => sum + (rank - 2.5) ** 2, 0);
    expect(plain.toFixed(2)).toBe("9.28");
    expect(((13 * plain) / (14 * 3 - plain)).toFixed(2)).toBe("3.69");
  });
});

describe("findCliques", () => {
  it("finds the largest runs that lie within the difference", () => {
    expect(findCliques([3.1, 1.0, 2.0, 4.5, 1.4], 1.2)).toEqual([
      [1, 4, 2],
      [2, 0],
    ]);
  });

  it("tells rows apart that differ by exactly as much", () => {
    expect(findCliques([1, 2, 3], 1)).toEqual([]);
    expect(findCliques([2, 2, 2], 0.5)).toEqual([[0, 1, 2]]);
  });
});
