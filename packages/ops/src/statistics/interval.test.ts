import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { randomStream } from "../runtime/random.ts";
import { intervalOf, percentile } from "./interval.ts";

interface IntervalCase {
  readonly name: string;
  readonly value: number;
  readonly values: readonly number[];
  readonly jackknife: readonly number[];
  readonly nGroups: number;
  readonly interval: readonly [number, number];
  readonly percentiles: readonly (readonly [number, number])[];
}

const fixture = new URL("../../../../tests/ops/reference/statistics_tests.json", import.meta.url);
const { intervals } = JSON.parse(readFileSync(fixture, "utf8")) as { readonly intervals: readonly IntervalCase[] };

/** Nothing is known of how groups count. */
const equalGroups = { jackknife: new Float64Array(0), nGroups: 100 };

describe("intervalOf", () => {
  it.each(intervals)("agrees with the definition in numpy: $name", ({ values, interval, percentiles, ...rest }) => {
    const jackknife = Float64Array.from(rest.jackknife);
    const found = intervalOf({ ...rest, values: Float64Array.from(values), jackknife }) ?? [Number.NaN, Number.NaN];
    expect(Math.abs(found[0] - interval[0])).toBeLessThan(1e-9);
    expect(Math.abs(found[1] - interval[1])).toBeLessThan(1e-9);
    const sorted = Float64Array.from(values).sort();
    for (const [share, expected] of percentiles) expect(percentile(sorted, share)).toBeCloseTo(expected, 12);
  });

  it("leaves out resamples without a value, and gives none where few are left", () => {
    const values = Float64Array.from({ length: 50 }, (_, at) => at);
    const withGaps = Float64Array.from([...values, Number.NaN, Number.NaN]);
    expect(intervalOf({ ...equalGroups, value: 24.5, values: withGaps })).toEqual(
      intervalOf({ ...equalGroups, value: 24.5, values }),
    );
    expect(intervalOf({ ...equalGroups, value: 24.5, values: withGaps.fill(Number.NaN, 39) })).toBeNull();
  });

  it("stays within the resamples where the estimate lies outside of them", () => {
    const values = Float64Array.from({ length: 100 }, (_, at) => at / 100);
    const [low, high] = intervalOf({ ...equalGroups, value: 5, values }) ?? [Number.NaN, Number.NaN];
    expect(low).toBeGreaterThan(0.9);
    expect(high).toBeLessThanOrEqual(0.99);
    expect(intervalOf({ ...equalGroups, value: 0.5, values: values.map(() => 0.5) })).toEqual([0.5, 0.5]);
  });

  it("is as wide as the t interval where few draws are all that varies", () => {
    const stream = randomStream(3, "normal");
    const values = Float64Array.from({ length: 20_000 }, () => stream.normal());
    const [low, high] = intervalOf({ ...equalGroups, value: 0, values, drawVariance: 1, nDraws: 10 }) ?? [0, 0];
    // Student's 97.5% with 9 degrees of freedom.
    expect(low).toBeCloseTo(-2.262, 0);
    expect((high - low) / 2).toBeGreaterThan(2.15);
    expect((high - low) / 2).toBeLessThan(2.38);
    const [narrow, wide] = intervalOf({ ...equalGroups, value: 0, values }) ?? [0, 0];
    expect((wide - narrow) / 2).toBeGreaterThan(1.9);
    expect((wide - narrow) / 2).toBeLessThan(2.02);
  });
});
