import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { labelledExamples } from "../../../../../tests/ops/run-single-op.ts";
import type { ProblemKind } from "../../artifacts/examples.ts";
import { trainWithTfjs } from "../../runtime/train-with-tfjs.ts";
import { labelWeights } from "../class-weights.ts";
import { trainWithOnnx } from "./train-with-onnx.ts";
import type { HeadSettings, HeadWeights, TrainingHooks, TrainingTask } from "./trainer.ts";

/** What `linear_weights.py` wrote: heads of PyTorch in float64. */
interface Fixture {
  readonly rows: number;
  readonly width: number;
  readonly batchSize: number;
  readonly epochs: number;
  readonly momentum: number;
  readonly cases: readonly Case[];
}

interface Case {
  readonly name: string;
  readonly problem: ProblemKind;
  readonly classes: number;
  readonly classWeight: "none" | "balanced";
  readonly reduction: "mean" | "sum";
  readonly features: readonly number[];
  readonly labels: readonly number[];
  /** What each label counts, by scikit-learn. */
  readonly weights: readonly number[];
  readonly initialWeights: readonly number[];
  readonly heads: readonly (HeadSettings & {
    readonly gradient: readonly number[];
    readonly end: readonly number[];
    readonly losses: readonly [number, number];
    readonly float32Distance: number;
  })[];
}

const url = new URL("../../../../../tests/ops/reference/linear_weights.json", import.meta.url);
const fixture = JSON.parse(readFileSync(url, "utf8")) as Fixture;
const hooks: TrainingHooks = { signal: new AbortController().signal, progress: () => undefined };

describe.each(fixture.cases)("next to PyTorch: $name", (problem) => {
  const task = taskOf(problem);

  it("has scikit-learn's weights", () => {
    const weights = task.examples.weights ?? new Float32Array(problem.labels.length).fill(1);
    expect([...weights]).toEqual(problem.weights.map((weight) => Math.fround(weight)));
  });

  it("has the gradient of the first step", async () => {
    const plain = { ...task.plan, steps: 1, momentum: 0, rateFactor: () => 1 };
    const heads = problem.heads.map(() => ({ learningRate: 1, weightDecay: 0 }));
    const trained = await trainWithOnnx({ ...task, plan: plain, heads }, hooks);
    const start = [...problem.initialWeights, ...Array<number>(task.examples.outputs).fill(0)];
    // The decay's part of the gradient is not of the loss.
    const { gradient } = problem.heads.find(({ weightDecay }) => weightDecay === 0)!;
    const largest = Math.max(...gradient.map(Math.abs));
    expect(largest).toBeGreaterThan(0.01);
    for (const { weights } of trained) {
      flat(weights).forEach((value, at) => {
        expect(Math.abs(start[at]! - value - gradient[at]!)).toBeLessThan(1e-5 * largest);
      });
    }
  });

  it("ends as near to the float64 run as twice PyTorch's float32, with its losses", async () => {
    const trained = await trainWithOnnx(task, hooks);
    problem.heads.forEach(({ end, losses, float32Distance }, place) => {
      const { weights, firstLoss, lastLoss } = trained[place]!;
      expect(distance(flat(weights), end)).toBeLessThan(2 * float32Distance);
      expect(firstLoss / losses[0]).toBeCloseTo(1, 5);
      expect(lastLoss / losses[1]).toBeCloseTo(1, 5);
    });
  });

  it("is trained the same by TensorFlow.js", async () => {
    const trained = await trainWithTfjs(task, hooks);
    problem.heads.forEach(({ end, losses }, place) => {
      const { weights, firstLoss, lastLoss } = trained[place]!;
      expect(distance(flat(weights), end)).toBeLessThan(1e-5 * Math.hypot(...end));
      expect(firstLoss / losses[0]).toBeCloseTo(1, 5);
      expect(lastLoss / losses[1]).toBeCloseTo(1, 5);
    });
  });

  it("gives a head the bits that it has alone", async () => {
    const many = Array.from({ length: 40 }, (_, head) => ({ learningRate: 0.5 / (head + 1), weightDecay: 0 }));
    const together = await trainWithOnnx({ ...task, heads: many }, hooks);
    for (const place of [0, 7, 39]) {
      expect(await trainWithOnnx({ ...task, heads: [many[place]!] }, hooks)).toEqual([together[place]]);
    }
  });
});

it("learns nothing from what counts nothing", async () => {
  const problem = fixture.cases.find(({ name }) => name === "labels, some unknown")!;
  const task = taskOf(problem);
  const unknown = problem.labels.map((label) => label === -1);
  const targets = task.examples.targets.map((target, index) => (unknown[index] === true ? 1 - target : target));
  const [head] = await trainWithOnnx(task, hooks);
  const [other] = await trainWithOnnx({ ...task, examples: { ...task.examples, targets } }, hooks);
  expect(other).toEqual(head);
});

it("moves no bit by weights of one", async () => {
  const problem = fixture.cases.find(({ name }) => name === "softmax, summed")!;
  const task = taskOf(problem);
  const weights = new Float32Array(fixture.rows).fill(1);
  expect(await trainWithOnnx({ ...task, examples: { ...task.examples, weights } }, hooks)).toEqual(
    await trainWithOnnx(task, hooks),
  );
});

function taskOf(problem: Case): TrainingTask {
  const { rows, width, batchSize, epochs, momentum } = fixture;
  const { classes, labels, heads, reduction } = problem;
  const weights = labelWeights(labelledExamples("train", problem.problem, classes, labels), problem.classWeight);
  const steps = Math.ceil(rows / batchSize) * epochs;
  return {
    examples: {
      rows,
      values: Float32Array.from(problem.features),
      rowWidth: width,
      columns: [{ start: 0, length: width }],
      mean: new Float32Array(width),
      deviation: new Float32Array(width).fill(1),
      loss: problem.problem === "multi-class" ? "softmax" : "sigmoid",
      outputs: problem.problem === "binary" ? 1 : classes,
      targets: Int32Array.from(labels, (label) => Math.max(0, label)),
      ...(weights !== null && { weights: Float32Array.from(weights) }),
    },
    plan: {
      epochs,
      batchSize,
      order: (epoch) => Int32Array.from({ length: rows }, (_, place) => (7 * place + 11 * epoch) % rows),
      rateFactor: (step) => (1 + Math.cos((Math.PI * step) / steps)) / 2,
      reduction,
      momentum,
      steps,
      initialWeights: Float32Array.from(problem.initialWeights),
      keepEpochs: false,
    },
    heads,
  };
}

/** Weights, then bias. */
const flat = ({ weights, bias }: HeadWeights): readonly number[] => [...weights, ...bias];

function distance(left: readonly number[], right: readonly number[]): number {
  expect(left).toHaveLength(right.length);
  return Math.hypot(...left.map((value, at) => value - right[at]!));
}
