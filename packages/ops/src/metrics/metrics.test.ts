import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runSingleOp } from "../../../../tests/ops/run-single-op.ts";
import type { ProblemKind } from "../artifacts/examples.ts";
import type { Predictions } from "../artifacts/predictions.ts";
import { scoreCodec, type Score } from "../artifacts/score.ts";
import { accuracy } from "./accuracy.ts";
import { auroc } from "./auroc.ts";
import { averagePrecision } from "./average-precision.ts";
import { balancedAccuracy } from "./balanced-accuracy.ts";
import { brier } from "./brier.ts";
import { calibrationError } from "./calibration-error.ts";
import { f1 } from "./f1.ts";
import { createMetricOp } from "./metric-op.ts";
import type { Metric } from "./metric.ts";
import { findMetric, metricDefinitions, metrics } from "./metrics.ts";
import { topK } from "./top-k.ts";

interface Case {
  readonly name: string;
  readonly problem: ProblemKind;
  readonly classes: number;
  readonly labels: readonly number[];
  readonly scores: readonly number[];
  readonly expected: readonly {
    readonly metric: string;
    readonly params: Readonly<Record<string, unknown>>;
    readonly value: number | null;
    readonly perClass: readonly (number | null)[] | null;
  }[];
}

const fixture = new URL("../../../../tests/ops/reference/metrics.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(fixture, "utf8")) as { readonly cases: readonly Case[] };

describe.each(cases)("$name", ({ problem, classes, labels, scores, expected }) => {
  const predictions = predictionsOf(problem, classes, labels, scores);

  it.each(metrics.map((op) => ({ op, name: op.signature.name })))("$name", async ({ op, name }) => {
    const asked = expected.filter(({ metric }) => metric === name);
    expect(asked.length).toBeGreaterThan(0);
    for (const { params, value, perClass } of asked) {
      const score = await runSingleOp(op, "score", { params, inputs: { predictions } });
      expectClose(score.value, value, `${name} ${JSON.stringify(params)}`);
      if (perClass === null) expect(score.perClass).toBeNull();
      else expect(score.perClass).toHaveLength(classes);
      score.perClass?.forEach((ofClass, index) => {
        expectClose(ofClass, perClass?.[index], `${name} ${JSON.stringify(params)} of class ${index}`);
      });
      if (value === null) expect(score.notes).not.toEqual([]);
      expect(score).toMatchObject({ metric: name, nExamples: predictions.ids.length, nGroups: predictions.ids.length });
      expect(scoreCodec.decode(scoreCodec.encode(score))).toEqual(score);
    }
  });
});

describe("metrics", () => {
  it("has every metric of the folder in its list", () => {
    const folder = new URL(".", import.meta.url);
    const files = readdirSync(folder).filter((file) => !file.endsWith(".test.ts"));
    const expected = files
      .filter((file) => readFileSync(new URL(file, folder), "utf8").includes("= defineMetric({"))
      .map((file) => file.slice(0, -3).replaceAll("-", "_"));
    expect(expected.length).toBeGreaterThan(0);
    expect(metricDefinitions.map(({ name }) => name)).toEqual(expected.sort());
    expect(metrics.map(({ signature }) => signature.name)).toEqual(expected);
  });

  it("finds a metric by its name", () => {
    expect(findMetric("top_k")).toBe(topK);
    expect(findMetric("auc")).toBeUndefined();
  });

  it("names the classes that a macro average leaves out, after the notes of the head", async () => {
    const predictions = {
      ...predictionsOf("multi-class", 3, [0, 2, 0], [0.6, 0.1, 0.3, 0.2, 0.2, 0.6, 0.1, 0.7, 0.2]),
      notes: ["The head says so."],
    };
    const score = await runSingleOp(createMetricOp(auroc), "score", { inputs: { predictions } });
    expect(score.perClass?.[1]).toBeNull();
    expect(score.notes).toEqual([
      "The head says so.",
      'Class "class 1" has no positives in the scored split and is left out of the average.',
      '2 classes have fewer than 20 positives or negatives in the scored split, so that their intervals are wide and their estimates rough: "class 0" (2 positives, 1 negative), "class 2" (1 positive, 2 negatives).',
    ]);
  });

  it("says why a binary AUROC is not defined", async () => {
    const predictions = predictionsOf("binary", 2, [1, 1], [0.4, 0.6, 0.5, 0.5]);
    const score = await runSingleOp(createMetricOp(auroc), "score", { inputs: { predictions } });
    expect(score.value).toBeNull();
    expect(score.notes).toEqual(['AUROC is not defined: the scored split has no example of class "class 0".']);
  });

  it("marks an F1 of 0 / 0", async () => {
    const predictions = predictionsOf("binary", 2, [0, 0], [0.9, 0.1, 0.8, 0.2]);
    const score = await runSingleOp(createMetricOp(f1), "score", { inputs: { predictions } });
    expect(score.value).toBe(0);
    expect(score.notes).toEqual([
      'F1 is for class "class 1", the second of two.',
      'F1 is set to 0: no scored example has or was given class "class 1", so that it is 0 / 0.',
      'Class "class 1" has no positives and only 2 negatives in the scored split: its interval is wide and its estimate rough.',
    ]);
  });

  it("says nothing of few examples from 20 on each side on", async () => {
    const labels = Array.from({ length: 46 }, (_, row) => row % 2);
    const scores = labels.flatMap((label) => [1 - label, label]);
    const notesOf = async (rows: number): Promise<readonly string[]> => {
      const predictions = predictionsOf("binary", 2, labels.slice(0, rows), scores.slice(0, 2 * rows));
      return (await runSingleOp(createMetricOp(auroc), "score", { inputs: { predictions } })).notes;
    };
    expect(await notesOf(40)).toEqual([]);
    expect(await notesOf(39)).toEqual([
      'Class "class 1" has only 19 positives in the scored split: its interval is wide and its estimate rough.',
    ]);
  });

  it("counts the flags that are unknown", async () => {
    const predictions = predictionsOf("multi-label", 2, [0, -1, 1, -1, 0, -1], [0.1, 0.2, 0.9, 0.3, 0.6, 0.8]);
    const score = await runSingleOp(createMetricOp(accuracy), "score", { inputs: { predictions } });
    expect(score).toMatchObject({ value: 2 / 3, perClass: [2 / 3, null] });
    expect(score.notes).toEqual([
      'Of class "class 1" nothing is known in the scored split: it is left out of the average.',
      'Class "class 0" has only 1 positive and only 2 negatives in the scored split: it counts in the average, but its value says little of these.',
      "3 of 6 flags in the scored split are unknown and left out.",
    ]);
  });

  it("counts an absent class as 0 where that is asked, and says so", async () => {
    const predictions = predictionsOf("multi-label", 2, [0, 0, 1, 0], [0.1, 0.2, 0.9, 0.3]);
    const params = { absent: "zero" };
    const score = await runSingleOp(createMetricOp(auroc), "score", { params, inputs: { predictions } });
    expect(score).toMatchObject({ value: 0.5, perClass: [1, 0] });
    expect(score.notes[0]).toBe('Class "class 1" has no positives in the scored split and counts as 0 in the average.');
  });

  it("refuses a class that is none, naming the nearest", async () => {
    const predictions = predictionsOf("binary", 2, [0, 1], [0.5, 0.5, 0.2, 0.8]);
    const params = { class: "clas 1" };
    await expect(
      runSingleOp(createMetricOp(auroc), "score", { params, inputs: { predictions } }),
    ).rejects.toMatchObject({
      code: "class-unknown",
      message: 'There is no class "clas 1" to score: did you mean "class 1"?',
      hint: 'The classes are "class 0", "class 1".',
    });
  });

  it("says where an average changes nothing", async () => {
    const predictions = predictionsOf("binary", 2, [0, 1], [0.5, 0.5, 0.2, 0.8]);
    const params = { average: "weighted", class: "class 1" };
    const { notes } = await runSingleOp(createMetricOp(auroc), "score", { params, inputs: { predictions } });
    expect(notes).toContain('The value is that of class "class 1" alone: `average: weighted` changes nothing.');
  });

  // Class 1 is found in 1 of 2 and given to 2; class 0 is found in 2 of 3 and given to 3. The averages are scikit-learn's.
  it.each([
    { name: "f1", second: 1 / 2, macro: (1 / 2 + 2 / 3) / 2, weighted: (2 / 5) * (1 / 2) + (3 / 5) * (2 / 3) },
    { name: "precision", second: 1 / 2, macro: (1 / 2 + 2 / 3) / 2, weighted: (2 / 5) * (1 / 2) + (3 / 5) * (2 / 3) },
    { name: "sensitivity", second: 1 / 2, macro: (1 / 2 + 2 / 3) / 2, weighted: 3 / 5 },
    { name: "specificity", second: 2 / 3, macro: (1 / 2 + 2 / 3) / 2, weighted: (2 / 5) * (2 / 3) + (3 / 5) * (1 / 2) },
  ])(
    "is for the second of two classes and says so, or for both where an average is written: $name",
    async (expected) => {
      const chances = [0.9, 0.2, 0.6, 0.1, 0.3];
      const scores = chances.flatMap((chance) => [1 - chance, chance]);
      const predictions = predictionsOf("binary", 2, [1, 1, 0, 0, 0], scores);
      const ask = async (params: Readonly<Record<string, unknown>>): Promise<Score> => {
        const op = createMetricOp(findMetric(expected.name)!);
        return runSingleOp(op, "score", { params, inputs: { predictions } });
      };
      const second = await ask({});
      expect(second.value).toBeCloseTo(expected.second, 12);
      expect(second.notes).toContainEqual(expect.stringMatching(/ is for class "class 1", the second of two\.$/));
      for (const [average, value] of [
        ["macro", expected.macro],
        ["weighted", expected.weighted],
      ] as const) {
        const both = await ask({ average });
        expect(both.value, average).toBeCloseTo(value, 12);
        expect(both.perClass).toHaveLength(2);
        expect(both.notes).not.toContainEqual(expect.stringContaining("second of two"));
      }
      const named = await ask({ class: "class 1" });
      expect(named.value).toBe(second.value);
      expect(named.notes).not.toContainEqual(expect.stringContaining("second of two"));
    },
  );

  it("says which class of two an average precision is for, and nothing where both have the same value", async () => {
    const predictions = predictionsOf("binary", 2, [0, 1, 0], [0.5, 0.5, 0.2, 0.8, 0.1, 0.9]);
    const ask = (metric: Metric, params = {}): Promise<Score> =>
      runSingleOp(createMetricOp(metric), "score", { params, inputs: { predictions } });
    const note = 'Average precision is for class "class 1", the second of two.';
    expect((await ask(averagePrecision)).notes).toContain(note);
    const area = await ask(auroc);
    expect(area.notes).not.toContainEqual(expect.stringContaining("second of two"));
    expect((await ask(auroc, { class: "class 0" })).value).toBe(area.value);
  });

  it.each([accuracy, brier, calibrationError])(
    "keeps a label without positives or with few in the mean, and names it: $name",
    async (metric) => {
      const labels = Array.from({ length: 50 }, (_, row) => [row % 2, 0, row < 3 ? 1 : 0]);
      const scores = labels.flatMap((flags) => flags.map((flag) => (flag === 1 ? 0.75 : 0.25)));
      const ask = async (classes: readonly number[]): Promise<Score> => {
        const flags = labels.flatMap((row) => classes.map((index) => row[index]!));
        const chances = scores.filter((_, place) => classes.includes(place % 3));
        const predictions = predictionsOf("multi-label", classes.length, flags, chances);
        return runSingleOp(createMetricOp(metric), "score", { inputs: { predictions } });
      };
      const all = await ask([0, 1, 2]);
      expect(all.perClass?.every((value) => value !== null)).toBe(true);
      expect(all.notes).toEqual([
        '2 classes have fewer than 20 positives or negatives in the scored split, and count in the average all the same, though their values say little of these: "class 1" (no positives), "class 2" (3 positives).',
      ]);
      expect((await ask([0, 1])).notes).toEqual([
        'Class "class 1" has no positives in the scored split: it counts in the average, but its value says little of these.',
      ]);
      expect((await ask([0])).notes).toEqual([]);
    },
  );

  it("has no top-k that is 1 whatever the head does", async () => {
    const predictions = predictionsOf("multi-class", 3, [0, 2], [0.6, 0.1, 0.3, 0.2, 0.2, 0.6]);
    const { value, notes } = await runSingleOp(createMetricOp(topK), "score", { inputs: { predictions } });
    expect(value).toBeNull();
    expect(notes).toEqual(["Top-5 is not defined: with 3 classes the true one is always among 5 guesses."]);
  });

  it.each([brier, calibrationError])("takes no scores that are no probabilities: $name", async (metric) => {
    const predictions = predictionsOf("multi-label", 1, [0, 1], [-2, 3]);
    const { value, notes } = await runSingleOp(createMetricOp(metric), "score", { inputs: { predictions } });
    expect(value).toBeNull();
    expect(notes).toEqual([
      expect.stringMatching(/is not defined: it needs probabilities, and a score of -2 is none\.$/),
    ]);
    const sums = predictionsOf("multi-label", 1, [0, 1], [-1e-17, 1 + 1e-15]);
    expect((await runSingleOp(createMetricOp(metric), "score", { inputs: { predictions: sums } })).value).toBeCloseTo(
      0,
    );
  });

  it("hands on what the head was fitted on", async () => {
    const trainedOn = { examples: 8, groups: 5, perClass: [4, 4] };
    const predictions = { ...predictionsOf("binary", 2, [0, 1], [0.5, 0.5, 0.2, 0.8]), trainedOn };
    expect((await runSingleOp(createMetricOp(accuracy), "score", { inputs: { predictions } })).trainedOn).toEqual(
      trainedOn,
    );
  });

  it.each(metrics.map((metric) => ({ metric, name: metric.signature.name })))(
    "gives no number for an empty split: $name",
    async ({ metric }) => {
      const score = await runSingleOp(metric, "score", { inputs: { predictions: predictionsOf("binary", 2, [], []) } });
      expect(score).toMatchObject({ value: null, nExamples: 0, notes: ["The scored split has no examples."] });
    },
  );

  it("decides for the lower class between equal scores, and for no label at 0.5", async () => {
    const tied = predictionsOf("multi-class", 3, [1, 2], [0.2, 0.4, 0.4, 0.2, 0.4, 0.4]);
    expect((await runSingleOp(createMetricOp(accuracy), "score", { inputs: { predictions: tied } })).value).toBe(0.5);
    const halves = predictionsOf("multi-label", 1, [0, 1], [0.5, 0.5]);
    expect(
      (await runSingleOp(createMetricOp(balancedAccuracy), "score", { inputs: { predictions: halves } })).value,
    ).toBe(0.5);
    expect(
      (await runSingleOp(createMetricOp(accuracy), "score", { inputs: { predictions: halves } })).perClass,
    ).toEqual([0.5]);
  });

  it("counts patients once, and examples without one each", async () => {
    const predictions = {
      ...predictionsOf("binary", 2, [0, 1, 0, 1, 1], [1, 0, 0, 1, 1, 0, 0, 1, 0, 1]),
      groups: ["a", "b", "a", null, null],
    };
    const score = await runSingleOp(createMetricOp(accuracy), "score", { inputs: { predictions } });
    expect(score).toMatchObject({ value: 1, nExamples: 5, nGroups: 4 });
  });

  it.each([NaN, Infinity])("refuses a score of %s, naming the example", async (wrong) => {
    const predictions = predictionsOf("binary", 2, [0, 1], [0.5, 0.5, 0.2, wrong]);
    await expect(runSingleOp(createMetricOp(auroc), "score", { inputs: { predictions } })).rejects.toMatchObject({
      code: "score-not-finite",
      message: `The score of class "class 1" for example test[1] is ${String(wrong)}.`,
    });
  });

  it("gives the AUROC that counting pairs gives", async () => {
    const pairs = fc.array(
      fc.record({ label: fc.integer({ min: 0, max: 1 }), tenths: fc.integer({ min: 0, max: 10 }) }),
      {
        minLength: 2,
        maxLength: 40,
      },
    );
    await fc.assert(
      fc.asyncProperty(pairs, async (rows) => {
        const scores = rows.flatMap(({ tenths }) => [1 - tenths / 10, tenths / 10]);
        const labels = rows.map(({ label }) => label);
        const predictions = predictionsOf("binary", 2, labels, scores);
        const { value } = await runSingleOp(createMetricOp(auroc), "score", { inputs: { predictions } });
        const won = rows
          .filter(({ label }) => label === 1)
          .flatMap((high) =>
            rows.filter(({ label }) => label === 0).map((low) => (Math.sign(high.tenths - low.tenths) + 1) / 2),
          );
        if (won.length === 0) expect(value).toBeNull();
        else expect(value).toBeCloseTo(won.reduce((sum, share) => sum + share, 0) / won.length, 12);
      }),
      { numRuns: 200, seed: 7 },
    );
  });
});

function predictionsOf(
  problem: ProblemKind,
  classes: number,
  labels: readonly number[],
  scores: readonly number[],
): Predictions {
  const width = problem === "multi-label" ? classes : 1;
  const ids = Array.from({ length: labels.length / width }, (_, row) => `test[${String(row)}]`);
  return {
    problem,
    classNames: Array.from({ length: classes }, (_, index) => `class ${String(index)}`),
    ids,
    groups: ids.map(() => null),
    labels: { width, values: Int32Array.from(labels) },
    scores: Float64Array.from(scores),
    unusable: null,
    notes: [],
  };
}

function expectClose(value: number | null, reference: number | null | undefined, question: string): void {
  if (value === null || reference === null || reference === undefined) expect(value, question).toBe(reference);
  else expect(Math.abs(value - reference), question).toBeLessThan(1e-12);
}
