import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runSingleOp } from "../../../../tests/ops/run-single-op.ts";
import type { Predictions } from "../artifacts/predictions.ts";
import { resamplesCodec, type Resamples } from "../artifacts/resamples.ts";
import type { Metric } from "../metrics/metric.ts";
import { numberGroups } from "./example-groups.ts";
import { createResampleOp } from "./resample.ts";
import { drawWeights } from "./resampling.ts";

/** The share of positives among the examples that score above a bound: without a value where none does. */
const precisionAbove: Metric = {
  name: "precision_above",
  version: 4,
  summary: "For tests.",
  better: "higher",
  params: { bound: { type: "number", summary: "The bound.", default: 0.5 } },
  prepare: (predictions, params) => {
    const { bound } = params as unknown as { readonly bound: number };
    const shareOf = (weightOf: (row: number) => number): number => {
      let [above, right] = [0, 0];
      predictions.ids.forEach((_, row) => {
        if (predictions.scores[row * 2 + 1]! <= bound) return;
        above += weightOf(row);
        right += weightOf(row) * predictions.labels.values[row]!;
      });
      return right / above;
    };
    const value = shareOf(() => 1);
    return {
      measurement: {
        value: Number.isNaN(value) ? null : value,
        perClass: null,
        notes: Number.isNaN(value) ? ["Nothing scores above the bound."] : [],
      },
      resample: ({ count, weights, groupOf }) =>
        Float64Array.from({ length: count }, (_, column) => shareOf((row) => weights[groupOf[row]! * count + column]!)),
    };
  },
};

const op = createResampleOp([precisionAbove]);

describe("resample", () => {
  it("gives the metric on every resample of the patients", async () => {
    const predictions = predictionsOf(30, (row) => `patient ${String(Math.floor(row / 3))}`);
    const found = await resample(predictions, { resamples: 70 });
    const { groupOf } = numberGroups(predictions.groups);
    const weights = drawWeights({ groups: 10, seed: 5, first: 0, count: 70 });
    const prepared = precisionAbove.prepare(predictions, { bound: 0.5 });
    expect(found).toMatchObject({ metric: "precision_above", nExamples: 30, nGroups: 10, notes: [] });
    expect(found.value).toBe(prepared.measurement.value);
    expect(found.values).toEqual(prepared.resample({ count: 70, weights, groupOf }));
    expect(resamplesCodec.decode(resamplesCodec.encode(found))).toEqual(found);
  });

  it("leaves out one group after the other for the jackknife", async () => {
    const predictions = predictionsOf(12, (row) => (row < 6 ? `patient ${String(row % 3)}` : null));
    const found = await resample(predictions, { resamples: 2 });
    const { groupOf, count } = numberGroups(predictions.groups);
    expect(count).toBe(9);
    const expected = Array.from({ length: count }, (_, group) => {
      const rows = predictions.ids.map((_, row) => row).filter((row) => groupOf[row] !== group);
      return precisionAbove.prepare(takeRows(predictions, rows), { bound: 0.5 }).measurement.value ?? Number.NaN;
    });
    expect([...found.jackknife]).toEqual(expected);
  });

  it("gives every example of a large set to one of two hundred blocks", async () => {
    const found = await resample(predictionsOf(450, () => null), { resamples: 1 }); // prettier-ignore
    expect(found.jackknife.length).toBe(200);
  });

  it("counts the resamples without a value", async () => {
    const predictions = predictionsOf(8, () => null);
    const found = await resample(predictions, { resamples: 200, settings: { bound: 0.9 } });
    expect(found.undefinedCount).toBeGreaterThan(0);
    expect(found.undefinedCount).toBe([...found.values].filter(Number.isNaN).length);
    expect(resamplesCodec.decode(resamplesCodec.encode(found))).toEqual(found);
  });

  it("has no values where the metric has none", async () => {
    const found = await resample(predictionsOf(8, () => null), { resamples: 3, settings: { bound: 2 } }); // prettier-ignore
    expect(found).toMatchObject({ value: null, undefinedCount: 3, notes: ["Nothing scores above the bound."] });
    const empty = { ...takeRows(predictionsOf(8, () => null), []), unusable: "The loss is not finite." }; // prettier-ignore
    expect(await resample(empty, { resamples: 3 })).toMatchObject({ value: null, notes: ["The loss is not finite."] });
  });

  it("begins with the same values, however many resamples are wanted", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 150 }), fc.integer({ min: 0, max: 99 }), async (resamples, seed) => {
        const predictions = predictionsOf(20, (row) => `patient ${String(row % 7)}`);
        const whole = await resample(predictions, { resamples: 150, seed });
        const part = await resample(predictions, { resamples, seed });
        expect(part.values).toEqual(whole.values.slice(0, resamples));
      }),
      { numRuns: 20 },
    );
  });

  it("tells which examples were scored, whatever they were given", async () => {
    const predictions = predictionsOf(20, (row) => `patient ${String(row % 7)}`);
    const [first, again, other] = await Promise.all([
      resample(predictions, { resamples: 1 }),
      resample({ ...predictions, scores: predictions.scores.map((score) => 1 - score) }, { resamples: 1, seed: 8 }),
      resample(predictionsOf(20, (row) => `patient ${String(row % 6)}`), { resamples: 1 }), // prettier-ignore
    ]);
    expect(again.examples).toBe(first.examples);
    expect(other.examples).not.toBe(first.examples);
  });

  it("ends when it is told to", async () => {
    const stop = new AbortController();
    const running = resample(
      predictionsOf(20, () => null),
      {
        resamples: 500,
        signal: stop.signal,
        progress: (done) => (done >= 64 ? stop.abort() : undefined),
      },
    );
    await expect(running).rejects.toThrow("aborted");
  });

  it("has a version that hangs on the metrics'", () => {
    expect(op.signature.version).toBe(5);
  });
});

interface Asked {
  readonly resamples: number;
  readonly seed?: number;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal;
  readonly progress?: (done: number) => void;
}

function resample(predictions: Predictions, asked: Asked): Promise<Resamples> {
  const { resamples, seed = 5, settings = {}, signal, progress } = asked;
  return runSingleOp(op, "resamples", {
    params: { metric: "precision_above", settings, resamples, seed },
    inputs: { predictions },
    ...(signal && { signal }),
    ...(progress && { progress }),
  });
}

function predictionsOf(rows: number, groupOf: (row: number) => string | null): Predictions {
  const places = Array.from({ length: rows }, (_, row) => row);
  return {
    problem: "binary",
    classNames: ["healthy", "ill"],
    ids: places.map((row) => `image ${String(row)}`),
    groups: places.map(groupOf),
    labels: { width: 1, values: Int32Array.from(places, (row) => ((row * row) % 3 === 1 ? 1 : 0)) },
    scores: Float64Array.from(places.flatMap((row) => [1 - ((row * 5) % 8) / 7, ((row * 5) % 8) / 7])),
    unusable: null,
    notes: [],
  };
}

function takeRows(predictions: Predictions, rows: readonly number[]): Predictions {
  return {
    ...predictions,
    ids: rows.map((row) => predictions.ids[row]!),
    groups: rows.map((row) => predictions.groups[row]!),
    labels: { width: 1, values: Int32Array.from(rows, (row) => predictions.labels.values[row]!) },
    scores: Float64Array.from(rows.flatMap((row) => [predictions.scores[2 * row]!, predictions.scores[2 * row + 1]!])),
  };
}
