import { expect, it } from "vitest";
import { trainingProblem } from "../../../../../tests/ops/reference/tfjs-training-fixture.ts";
import { trainWithTfjs } from "../../runtime/train-with-tfjs.ts";
import { trainWithOnnx } from "./train-with-onnx.ts";
import type { HeadWeights, TrainingTask } from "./trainer.ts";

/** Two column ranges, a smaller last batch, and an end in the middle of an epoch. */
const shape = {
  rows: 200,
  rowWidth: 100,
  columns: [
    { start: 3, length: 40 },
    { start: 50, length: 50 },
  ],
  batchSize: 32,
  steps: 100,
  epochs: 15,
};
const heads = [
  { learningRate: 0.003, weightDecay: 0 },
  { learningRate: 0.01, weightDecay: 0.0001 },
  { learningRate: 0.03, weightDecay: 0.05 },
];

it.each([
  { loss: "softmax", outputs: 14, momentum: 0.9, scale: 0.1 },
  { loss: "sigmoid", outputs: 5, momentum: 0.9, scale: 0.1 },
  { loss: "sigmoid", outputs: 1, momentum: 0, scale: 0 },
] as const)("train the same heads: $loss, $outputs outputs, momentum $momentum", async (problem) => {
  const task: TrainingTask = { ...trainingProblem(shape, problem), heads };
  const hooks = { signal: new AbortController().signal, progress: () => undefined };
  const byOnnx = await trainWithOnnx(task, hooks);
  const byTfjs = await trainWithTfjs(task, hooks);
  expect(byOnnx).toHaveLength(heads.length);
  for (const [index, head] of byOnnx.entries()) {
    const other = byTfjs[index]!;
    expect([head.isFinite, other.isFinite]).toEqual([true, true]);
    expect(head.epochs).toHaveLength(other.epochs.length);
    for (const [epoch, weights] of head.epochs.entries()) expectSameWeights(weights, other.epochs[epoch]!);
    expectSameWeights(head.weights, other.weights);
    const losses = [head.firstLoss, head.lastLoss];
    expect(relativeDifference(losses, [other.firstLoss, other.lastLoss])).toBeLessThan(1e-5);
    // The heads have moved: agreement is not that of weights which stayed where they began.
    expect(relativeDifference(head.weights.weights, task.plan.initialWeights)).toBeGreaterThan(0.1);
  }
});

function expectSameWeights(left: HeadWeights, right: HeadWeights): void {
  expect(relativeDifference(left.weights, right.weights)).toBeLessThan(1e-5);
  expect(relativeDifference(left.bias, right.bias)).toBeLessThan(1e-5);
}

/** The largest difference, against the largest value on the left. */
function relativeDifference(left: ArrayLike<number>, right: ArrayLike<number>): number {
  expect(left).toHaveLength(right.length);
  const largest = Math.max(...Array.from(left, Math.abs));
  return Math.max(...Array.from(left, (value, index) => Math.abs(value - right[index]!))) / largest;
}
