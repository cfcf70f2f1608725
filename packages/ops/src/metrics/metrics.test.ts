import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runSingleOp } from "../../../../tests/ops/run-single-op.ts";
import type { ProblemKind } from "../artifacts/examples.ts";
import type { Predictions } from "../artifacts/predictions.ts";
import { scoreCodec } from "../artifacts/score.ts";
import { accuracy } from "./accuracy.ts";
import { auroc } from "./auroc.ts";
import { balancedAccuracy } from "./balanced-accuracy.ts";
import { f1 } from "./f1.ts";
import { metrics } from "./metrics.ts";

interface Case {
  readonly name: string;
  readonly problem: ProblemKind;
  readonly classes: number;
  readonly labels: readonly number[];
  readonly scores: readonly number[];
  readonly expected: Readonly<
    Record<string, { readonly value: number | null; readonly perClass: readonly (number | null)[] | null }>
  >;
}

const fixture = new URL("../../../../tests/ops/reference/metrics.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(fixture, "utf8")) as { readonly cases: readonly Case[] };

describe.each(cases)("$name", (expected) => {
  const predictions = predictionsOf(expected.problem, expected.classes, expected.labels, expected.scores);

  it.each(metrics.map((metric) => ({ metric, name: metric.signature.name })))("$name", async ({ metric, name }) => {
    const score = await runSingleOp(metric, "score", { inputs: { predictions } });
    const reference = expected.expected[name];
    expectClose(score.value, reference?.value);
    if (reference?.perClass === null) expect(score.perClass).toBeNull();
    else score.perClass?.forEach((value, index) => expectClose(value, reference?.perClass?.[index]));
    expect(score).toMatchObject({ metric: name, nExamples: predictions.ids.length, nGroups: predictions.ids.length });
    expect(scoreCodec.decode(scoreCodec.encode(score))).toEqual(score);
  });
});

describe("metrics", () => {
  it("has every metric of the folder in its list", () => {
    const helpers = ["class-columns.ts", "metric-op.ts", "metrics.ts", "predicted-classes.ts"];
    const files = readdirSync(new URL(".", import.meta.url)).filter((file) => !file.endsWith(".test.ts"));
    const expected = files
      .filter((file) => !helpers.includes(file))
      .map((file) => file.slice(0, -3).replaceAll("-", "_"));
    expect(metrics.map((metric) => metric.signature.name)).toEqual(expected.sort());
  });

  it("names the classes that a macro average leaves out, after the notes of the head", async () => {
    const predictions = {
      ...predictionsOf("multi-class", 3, [0, 2, 0], [0.6, 0.1, 0.3, 0.2, 0.2, 0.6, 0.1, 0.7, 0.2]),
      notes: ["The head says so."],
    };
    const score = await runSingleOp(auroc, "score", { inputs: { predictions } });
    expect(score.perClass?.[1]).toBeNull();
    expect(score.notes).toEqual([
      "The head says so.",
      'Class "class 1" has no positives in the scored split and is left out of the average.',
    ]);
  });

  it("says why a binary AUROC is not defined", async () => {
    const predictions = predictionsOf("binary", 2, [1, 1], [0.4, 0.6, 0.5, 0.5]);
    const score = await runSingleOp(auroc, "score", { inputs: { predictions } });
    expect(score.value).toBeNull();
    expect(score.notes).toEqual(['AUROC is not defined: the scored split has no example of class "class 0".']);
  });

  it("marks an F1 of 0 / 0", async () => {
    const predictions = predictionsOf("binary", 2, [0, 0], [0.9, 0.1, 0.8, 0.2]);
    const score = await runSingleOp(f1, "score", { inputs: { predictions } });
    expect(score.value).toBe(0);
    expect(score.notes).toEqual([
      'F1 is set to 0: no scored example has or was given class "class 1", so that it is 0 / 0.',
    ]);
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
    expect((await runSingleOp(accuracy, "score", { inputs: { predictions: tied } })).value).toBe(0.5);
    const halves = predictionsOf("multi-label", 1, [0, 1], [0.5, 0.5]);
    expect((await runSingleOp(balancedAccuracy, "score", { inputs: { predictions: halves } })).value).toBe(0.5);
    expect((await runSingleOp(accuracy, "score", { inputs: { predictions: halves } })).perClass).toEqual([0.5]);
  });

  it("counts patients once, and examples without one each", async () => {
    const predictions = {
      ...predictionsOf("binary", 2, [0, 1, 0, 1, 1], [1, 0, 0, 1, 1, 0, 0, 1, 0, 1]),
      groups: ["a", "b", "a", null, null],
    };
    const score = await runSingleOp(accuracy, "score", { inputs: { predictions } });
    expect(score).toMatchObject({ value: 1, nExamples: 5, nGroups: 4 });
  });

  it.each([NaN, Infinity])("refuses a score of %s, naming the example", async (wrong) => {
    const predictions = predictionsOf("binary", 2, [0, 1], [0.5, 0.5, 0.2, wrong]);
    await expect(runSingleOp(auroc, "score", { inputs: { predictions } })).rejects.toMatchObject({
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
        const { value } = await runSingleOp(auroc, "score", { inputs: { predictions } });
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

function expectClose(value: number | null, reference: number | null | undefined): void {
  if (value === null || reference === null || reference === undefined) expect(value).toBe(reference);
  else expect(Math.abs(value - reference)).toBeLessThan(1e-12);
}
