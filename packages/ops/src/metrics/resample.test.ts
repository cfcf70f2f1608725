import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ProblemKind } from "../artifacts/examples.ts";
import type { Predictions } from "../artifacts/predictions.ts";
import { metricDefinitions } from "./metrics.ts";
import { prepareMetric } from "./prepare-metric.ts";

/** What every metric is asked, beside its defaults. */
const questions: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  auroc: [...scopes(), { absent: "zero" }, { absent: "zero", average: "weighted" }],
  average_precision: scopes(),
  calibration_error: [{ bins: 10 }],
  f1: scopes(),
  kappa: [{ weights: "linear" }, { weights: "quadratic" }],
  precision: scopes(),
  sensitivity: [...scopes(), { specificity: 0.5 }, { specificity: 1 }, { specificity: 0, average: "micro" }],
  specificity: [...scopes(), { sensitivity: 0.5 }, { sensitivity: 1 }, { sensitivity: 0, average: "micro" }],
  top_k: [{ k: 1 }, { k: 2 }],
};

const cases = metricDefinitions.flatMap((metric) =>
  [{}, ...(questions[metric.name] ?? [])].map((params) => ({ metric, params, asked: JSON.stringify(params) })),
);

describe("resampling equals measuring predictions in which every example stands as often as it counts", () => {
  it.each(cases.map((each) => ({ ...each, name: each.metric.name })))("$name $asked", ({ metric, params }) => {
    fc.assert(
      fc.property(weightedPredictions(), ({ predictions, groupOf, weights, count }) => {
        const values = prepareMetric(metric, predictions, params).resample({
          count,
          weights: Uint8Array.from(weights),
          groupOf: Int32Array.from(groupOf),
        });
        expect(values).toHaveLength(count);
        values.forEach((value, resample) => {
          const repeats = groupOf.map((group) => weights[group * count + resample]!);
          const repeated = prepareMetric(metric, repeat(predictions, repeats), params).measurement.value;
          if (repeated === null) expect(value).toBeNaN();
          else expect(Math.abs(value - repeated)).toBeLessThan(1e-12);
        });
      }),
      { numRuns: 60, seed: 11 },
    );
  });

  it("gives the measurement where everything counts once", () => {
    fc.assert(
      fc.property(weightedPredictions(), ({ predictions, groupOf, weights }) => {
        const block = { count: 1, weights: new Uint8Array(weights.length).fill(1), groupOf: Int32Array.from(groupOf) };
        for (const { metric, params } of cases) {
          const prepared = prepareMetric(metric, predictions, params);
          const [value] = prepared.resample(block);
          expect(value).toBe(prepared.measurement.value ?? Number.NaN);
        }
      }),
      { numRuns: 60, seed: 12 },
    );
  });

  it("counts more pairs than 32 bits hold", () => {
    const size = 2000;
    const labels = Array.from({ length: size }, (_, row) => row % 2);
    const predictions = predictionsOf(
      "binary",
      labels,
      labels.flatMap((label) => [1 - label, label]),
    );
    const { resample } = prepareMetric(auroc(), predictions, {});
    const groupOf = Int32Array.from(labels.keys());
    expect(Array.from(resample({ count: 2, weights: new Uint8Array(2 * size).fill(255), groupOf }))).toEqual([1, 1]);
  });

  it("has no value where nothing was scored", () => {
    const predictions = predictionsOf("binary", [], []);
    for (const metric of metricDefinitions) {
      const { resample } = prepareMetric(metric, predictions, {});
      const values = resample({ count: 2, weights: new Uint8Array(), groupOf: new Int32Array() });
      expect(Array.from(values)).toEqual([Number.NaN, Number.NaN]);
    }
  });
});

function auroc() {
  return metricDefinitions.find(({ name }) => name === "auroc")!;
}

function scopes(): readonly Readonly<Record<string, unknown>>[] {
  return [{ average: "micro" }, { average: "weighted" }, { class: "class 0" }];
}

interface WeightedPredictions {
  readonly predictions: Predictions;
  readonly groupOf: readonly number[];
  /** [groups, count] */
  readonly weights: readonly number[];
  readonly count: number;
}

/** Few examples with many ties, so that classes vanish in some of the resamples. */
function weightedPredictions(): fc.Arbitrary<WeightedPredictions> {
  const shape = fc.record({
    problem: fc.constantFrom<ProblemKind>("binary", "multi-class", "multi-label"),
    rows: fc.integer({ min: 1, max: 14 }),
    groups: fc.integer({ min: 1, max: 8 }),
    count: fc.integer({ min: 1, max: 6 }),
  });
  return shape.chain(({ problem, rows, groups, count }) => {
    const classes = problem === "binary" ? 2 : 3;
    const [lowest, highest] = problem === "multi-label" ? [-1, 1] : [0, classes - 1];
    const width = problem === "multi-label" ? classes : 1;
    const numbers = (length: number, min: number, max: number): fc.Arbitrary<number[]> =>
      fc.array(fc.integer({ min, max }), { minLength: length, maxLength: length });
    return fc
      .record({
        labels: numbers(rows * width, lowest, highest),
        tenths: numbers(rows * classes, 0, 10),
        groupOf: numbers(rows, 0, groups - 1),
        weights: numbers(groups * count, 0, 3),
      })
      .map(({ labels, tenths, groupOf, weights }) => {
        const scores = tenths.map((tenth, place) =>
          problem === "binary" && place % 2 === 1 ? 1 - tenths[place - 1]! / 10 : tenth / 10,
        );
        return { predictions: predictionsOf(problem, labels, scores), groupOf, weights, count };
      });
  });
}

function predictionsOf(problem: ProblemKind, labels: readonly number[], scores: readonly number[]): Predictions {
  const classes = problem === "binary" ? 2 : 3;
  const width = problem === "multi-label" ? classes : 1;
  const ids = Array.from({ length: labels.length / width }, (_, row) => `test[${row}]`);
  return {
    problem,
    classNames: Array.from({ length: classes }, (_, index) => `class ${index}`),
    ids,
    groups: ids.map(() => null),
    labels: { width, values: Int32Array.from(labels) },
    scores: Float64Array.from(scores),
    unusable: null,
    notes: [],
  };
}

function repeat(predictions: Predictions, repeats: readonly number[]): Predictions {
  const { classNames, labels, scores } = predictions;
  const rows = repeats.flatMap((times, row) => Array.from({ length: times }, () => row));
  const rowsOf = (values: ArrayLike<number>, width: number): number[] =>
    rows.flatMap((row) => Array.from({ length: width }, (_, place) => values[row * width + place]!));
  return {
    ...predictions,
    ids: rows.map((row, copy) => `${predictions.ids[row]!}, ${copy}`),
    groups: rows.map(() => null),
    labels: { width: labels.width, values: Int32Array.from(rowsOf(labels.values, labels.width)) },
    scores: Float64Array.from(rowsOf(scores, classNames.length)),
  };
}
