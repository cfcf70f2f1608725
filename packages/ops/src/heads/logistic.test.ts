import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { featuresOf, labelledExamples, runSingleOp } from "../../../../tests/ops/run-single-op.ts";
import { classifierCodec, type Classifier } from "../artifacts/classifier.ts";
import type { ProblemKind } from "../artifacts/examples.ts";
import { predictionsCodec, type Predictions } from "../artifacts/predictions.ts";
import { auroc } from "../metrics/auroc.ts";
import { createMetricOp } from "../metrics/metric-op.ts";
import { logistic } from "./logistic.ts";
import { predict } from "./predict.ts";

interface Optimum {
  readonly c: number;
  readonly standardise: boolean;
  readonly coefficients: readonly number[];
  readonly intercepts: readonly number[] | null;
  readonly scores: readonly number[];
  readonly auroc: number;
}

interface Case {
  readonly name: string;
  readonly problem: ProblemKind;
  readonly width: number;
  readonly classes: number;
  readonly training: readonly number[];
  readonly labels: readonly number[];
  readonly queries: readonly number[];
  readonly queryLabels: readonly number[];
  readonly optima: readonly Optimum[];
}

const fixture = new URL("../../../../tests/ops/reference/logistic.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(fixture, "utf8")) as { readonly cases: readonly Case[] };

describe.each(cases)("$name", (problem) => {
  it.each(problem.optima)("reaches scikit-learn's optimum at C $c, standardised $standardise", async (optimum) => {
    const params = { c: optimum.c, standardise: optimum.standardise, max_iterations: 5000 };
    const { classifier, predictions } = await fitAndPredict(problem, params);
    expect(classifier.converged).toBe(true);

    const largest = Math.max(...optimum.coefficients.map(Math.abs));
    expect(largestDifference(classifier.weights, optimum.coefficients) / largest).toBeLessThan(1e-6);
    if (optimum.intercepts !== null) {
      const bias = problem.problem === "multi-class" ? centred(classifier.bias) : classifier.bias;
      expect(largestDifference(bias, optimum.intercepts)).toBeLessThan(1e-4);
    }
    const scores = problem.problem === "binary" ? positiveColumns(predictions.scores) : predictions.scores;
    const expected = problem.problem === "binary" ? positiveColumns(optimum.scores) : optimum.scores;
    expect(largestDifference(scores, expected)).toBeLessThan(1e-6);
    const score = await runSingleOp(createMetricOp(auroc), "score", { inputs: { predictions } });
    expect(score.value).toBeCloseTo(optimum.auroc, 10);
  });
});

const binary = cases[0]!;

describe("logistic", () => {
  it("gives the same bits again, and back from the store", async () => {
    const first = await fitAndPredict(binary, {});
    const again = await fitAndPredict(binary, {});
    expect(classifierCodec.encode(first.classifier)).toEqual(classifierCodec.encode(again.classifier));
    expect(classifierCodec.decode(classifierCodec.encode(first.classifier))).toEqual(first.classifier);
    expect(predictionsCodec.decode(predictionsCodec.encode(first.predictions))).toEqual(first.predictions);
  });

  it("gives a constant feature no weight, whatever it is elsewhere", async () => {
    const { classifier } = await fitAndPredict(binary, {});
    const last = binary.width - 1;
    expect(classifier.deviation[last]).toBe(1);
    expect(classifier.mean[last]).toBe(binary.training[last]);
    expect(classifier.weights[last]).toBe(0);
  });

  it("says that it did not converge, through to the score", async () => {
    const { classifier, predictions } = await fitAndPredict(binary, { max_iterations: 3 });
    expect(classifier).toMatchObject({ converged: false, iterations: 3 });
    const note =
      "The logistic regression (c = 1) did not converge: 3 iterations were not enough. Raise max_iterations, or lower c.";
    expect(predictions.notes).toEqual([note]);
    expect((await runSingleOp(createMetricOp(auroc), "score", { inputs: { predictions } })).notes).toContain(note);
  });

  it("gives a class without training examples the probability 0 and says so", async () => {
    const absent = cases.find((problem) => problem.name.startsWith("multi-class without"))!;
    const { classifier, predictions } = await fitAndPredict(absent, {});
    expect(classifier.bias[1]).toBe(-Infinity);
    expect(predictions.scores.filter((_, index) => index % 4 === 1).every((score) => score === 0)).toBe(true);
    expect(predictions.notes).toEqual([
      'No training example has class "class 1": its probability is 0 for every example.',
    ]);
    expect(classifierCodec.decode(classifierCodec.encode(classifier))).toEqual(classifier);
  });

  it("fits every label of its own, whichever others there are", async () => {
    const labelled = cases.find((problem) => problem.problem === "multi-label")!;
    const { classifier } = await fitAndPredict(labelled, {});
    const second = (labels: readonly number[]): readonly number[] => labels.filter((_, index) => index % 3 === 1);
    const alone = await fitAndPredict(
      { ...labelled, classes: 1, labels: second(labelled.labels), queryLabels: second(labelled.queryLabels) },
      {},
    );
    expect(alone.classifier.weights).toEqual(classifier.weights.slice(labelled.width, 2 * labelled.width));
  });

  it("gives labels that no or every training example has the probability 0 or 1 and says so", async () => {
    const labels = [0, 1, 0, 0, 1, 1, 0, 1, 0, 0, 1, 1];
    const small: Case = { ...binary, problem: "multi-label", width: 1, classes: 3, training: [1, 2, 3, 4], labels };
    const { predictions } = await fitAndPredict({ ...small, queries: [2.5], queryLabels: [0, 1, 1] }, {});
    expect([...predictions.scores]).toEqual([0, 1, expect.closeTo(0.5, 6)]);
    expect(predictions.notes).toEqual([
      'No training example has class "class 0": its probability is 0 for every example.',
      'Every training example has label "class 1": its probability is 1 for every example.',
    ]);
  });

  it("refuses a training split with one class", async () => {
    const single = { ...binary, labels: binary.labels.map(() => 1) };
    await expect(fitAndPredict(single, {})).rejects.toMatchObject({
      code: "single-class",
      message: 'The training split has only examples of class "class 1": there is nothing to tell apart.',
    });
  });

  it("refuses features that are not finite, naming the example", async () => {
    const damaged = { ...binary, training: binary.training.with(3 * binary.width + 2, NaN) };
    await expect(fitAndPredict(damaged, {})).rejects.toMatchObject({
      code: "feature-not-finite",
      message: 'Feature 2 of part "pooled" is NaN for example train[3].',
    });
  });

  it("names the parts that there are", async () => {
    await expect(fitAndPredict(binary, { part: "patches" })).rejects.toMatchObject({
      code: "part-unknown",
      message: 'The features have no part "patches".',
      hint: "Parts of this backbone: pooled.",
    });
  });

  it("stops when it is aborted", async () => {
    const controller = new AbortController();
    const examples = labelledExamples("train", "binary", 2, binary.labels);
    const iterations: number[] = [];
    const call = runSingleOp(logistic, "classifier", {
      inputs: { examples, features: featuresOf(examples, binary.width, binary.training) },
      signal: controller.signal,
      progress: (done) => {
        iterations.push(done);
        if (done === 2) controller.abort();
      },
    });
    await expect(call).rejects.toThrow(/abort/i);
    expect(iterations).toEqual([1, 2]);
  });
});

describe("predict", () => {
  it("refuses examples with other classes and features of another width", async () => {
    const { classifier } = await fitAndPredict(binary, {});
    const others = labelledExamples("test", "multi-class", 3, [0]);
    const wide = labelledExamples("test", "binary", 2, [0]);
    await expect(
      runSingleOp(predict, "predictions", {
        inputs: { classifier, examples: others, features: featuresOf(others, 5, [1, 2, 3, 4, 5]) },
      }),
    ).rejects.toMatchObject({ code: "classes-differ" });
    await expect(
      runSingleOp(predict, "predictions", {
        inputs: { classifier, examples: wide, features: featuresOf(wide, 6, [1, 2, 3, 4, 5, 6]) },
      }),
    ).rejects.toMatchObject({ code: "width-differs" });
  });
});

async function fitAndPredict(
  problem: Case,
  params: Readonly<Record<string, unknown>>,
): Promise<{ readonly classifier: Classifier; readonly predictions: Predictions }> {
  const training = labelledExamples("train", problem.problem, problem.classes, problem.labels);
  const classifier = await runSingleOp(logistic, "classifier", {
    params,
    inputs: { examples: training, features: featuresOf(training, problem.width, problem.training) },
  });
  const queries = labelledExamples("test", problem.problem, problem.classes, problem.queryLabels);
  const predictions = await runSingleOp(predict, "predictions", {
    inputs: { classifier, examples: queries, features: featuresOf(queries, problem.width, problem.queries) },
  });
  return { classifier, predictions };
}

function largestDifference(
  values: Float64Array | readonly number[],
  expected: readonly number[] | Float64Array,
): number {
  expect(values.length).toBe(expected.length);
  return Math.max(...Array.from(values, (value, index) => Math.abs(value - (expected[index] ?? NaN))));
}

function centred(bias: Float64Array): Float64Array {
  const mean = bias.reduce((sum, value) => sum + value, 0) / bias.length;
  return bias.map((value) => value - mean);
}

function positiveColumns(scores: Float64Array | readonly number[]): Float64Array {
  return Float64Array.from(scores).filter((_, index) => index % 2 === 1);
}
