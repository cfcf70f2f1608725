import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { featuresOf, labelledExamples, runSingleOp } from "../../../../tests/ops/run-single-op.ts";
import type { Classifier } from "../artifacts/classifier.ts";
import type { ProblemKind } from "../artifacts/examples.ts";
import { logistic } from "./logistic.ts";

interface Case {
  readonly name: string;
  readonly problem: ProblemKind;
  readonly classes: number;
  readonly width: number;
  readonly features: readonly number[];
  /** -1 where a flag is not known. */
  readonly labels: readonly number[];
  readonly optima: readonly {
    readonly c: number;
    readonly classWeight: "none" | "balanced";
    readonly coefficients: readonly number[];
    readonly intercepts: readonly number[];
  }[];
}

const fixture = new URL("../../../../tests/ops/reference/logistic_weights.json", import.meta.url);
const cases = JSON.parse(readFileSync(fixture, "utf8")) as readonly Case[];

describe.each(cases)("$name", (problem) => {
  it.each(problem.optima)("reaches scikit-learn's optimum: C $c, class_weight $classWeight", async (optimum) => {
    const classifier = await fit(problem, { c: optimum.c, class_weight: optimum.classWeight });
    expect(classifier.converged).toBe(true);
    expect(largestDifference(classifier.weights, optimum.coefficients)).toBeLessThan(1e-6);
    const mean = classifier.bias.reduce((sum, value) => sum + value, 0) / classifier.bias.length;
    const bias = classifier.bias.map((value) => value - (problem.problem === "multi-class" ? mean : 0));
    expect(largestDifference(bias, optimum.intercepts)).toBeLessThan(1e-6);
  });
});

const labelled = cases.find(({ problem }) => problem === "multi-label")!;

describe("a label whose flags are not all known", () => {
  it("takes nothing from the examples without it, whatever their features are", async () => {
    const { width, classes } = labelled;
    const changed = labelled.features.map((value, index) => {
      const isUnknown = labelled.labels[Math.floor(index / width) * classes] === -1;
      return isUnknown ? -value : value;
    });
    const settings = { standardise: false, c: 0.1 };
    const first = (classifier: Classifier) => [...classifier.weights.subarray(0, width), classifier.bias[0]];
    const [before, after] = [await fit(labelled, settings), await fit({ ...labelled, features: changed }, settings)];
    first(after).forEach((value, index) => expect(value).toBeCloseTo(first(before)[index]!, 8));
    expect(after.weights).not.toEqual(before.weights);
  });

  it("is on none or on every example where those that are known say so", async () => {
    const labels = [1, -1, 0, -1, 0, 1, 1, -1, 0];
    const small: Case = { ...labelled, classes: 3, width: 1, features: [1, 2, 3], labels };
    const classifier = await fit(small, {});
    expect([...classifier.bias]).toEqual([Infinity, -Infinity, expect.closeTo(-0.69, 1)]);
    expect(classifier.notes).toEqual([
      'No training example has class "class 1": its probability is 0 for every example.',
      'Every training example has label "class 0": its probability is 1 for every example.',
    ]);
    expect(classifier.trainedOn).toEqual({ examples: 3, groups: 3, perClass: [2, 0, 1] });
  });

  it("leaves nothing to tell apart where no flag is known of two kinds", async () => {
    const small: Case = { ...labelled, classes: 2, width: 1, features: [1, 2, 3], labels: [1, -1, -1, -1, 1, 0] };
    await expect(fit(small, {})).rejects.toMatchObject({ code: "single-class" });
  });
});

function fit(
  { problem, classes, width, features, labels }: Case,
  params: Readonly<Record<string, unknown>>,
): Promise<Classifier> {
  const examples = labelledExamples("train", problem, classes, labels);
  return runSingleOp(logistic, "classifier", {
    params,
    inputs: { examples, features: featuresOf(examples, width, features) },
  });
}

function largestDifference(values: Float64Array, expected: readonly number[]): number {
  expect(values).toHaveLength(expected.length);
  return Math.max(...Array.from(values, (value, index) => Math.abs(value - (expected[index] ?? NaN))));
}
