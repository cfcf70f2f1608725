import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  chiSquareUpper,
  fUpper,
  normalCdf,
  normalQuantile,
  normalTwoSided,
  studentQuantile,
  studentTwoSided,
} from "./distributions.ts";
import { studentisedRangeQuantile } from "./studentised-range.ts";

const fixture = new URL("../../../../tests/ops/reference/statistics_tests.json", import.meta.url);
const { distributions } = JSON.parse(readFileSync(fixture, "utf8")) as {
  readonly distributions: Readonly<Record<string, readonly (readonly number[])[]>>;
};

type Function = (...values: number[]) => number;

describe("distributions", () => {
  const functions: Readonly<Record<string, Function>> = {
    normalCdf,
    normalTwoSided,
    normalQuantile,
    studentTwoSided,
    studentQuantile,
    chiSquareUpper,
    fUpper: (x = 0, above = 0, below = 0) => fUpper(x, { above, below }),
    studentisedRange: studentisedRangeQuantile,
  };

  it.each(Object.keys(distributions))("%s agrees with SciPy", (name) => {
    const rows = distributions[name] ?? [];
    expect(rows.length).toBeGreaterThan(5);
    for (const row of rows) {
      const expected = row.at(-1) ?? Number.NaN;
      const found = functions[name]?.(...row.slice(0, -1)) ?? Number.NaN;
      const error = Math.abs(found - expected) / Math.max(1, Math.abs(expected));
      expect(error, `${name}(${row.slice(0, -1).join(", ")}) = ${String(found)}`).toBeLessThan(1e-10);
    }
  });

  it("keeps the digits of small tails", () => {
    for (const [z = 0, p = 0] of distributions["normalTwoSided"] ?? []) {
      expect(Math.abs(normalTwoSided(z) / p - 1)).toBeLessThan(1e-10);
    }
  });
});
