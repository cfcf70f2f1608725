import { describe, expect, it } from "vitest";
import {
  drawTraining,
  readLinearTrainingFixture,
  type DrawnTraining,
} from "../../../../../tests/ops/reference/linear-training-fixture.ts";
import { trainInCalls } from "./train-in-calls.ts";
import { trainWithOnnx } from "./train-with-onnx.ts";
import type { HeadSettings, HeadWeights, TrainedHead, TrainingHooks } from "./trainer.ts";

const hooks: TrainingHooks = { signal: new AbortController().signal, progress: () => undefined };

describe.each(readLinearTrainingFixture())("next to PyTorch: $name", ({ heads, ...drawn }) => {
  const { examples, plan } = drawTraining(drawn);

  it("has the gradient of the first step", async () => {
    const first = { ...plan, steps: 1, momentum: 0, rateFactor: () => 1 };
    const plain = heads.map(() => ({ learningRate: 1, weightDecay: 0 }));
    const trained = await trainWithOnnx({ examples, plan: first, heads: plain }, hooks);
    heads.forEach(({ gradient }, head) => {
      const start = [...plan.initialWeights, ...Array.from({ length: examples.outputs }, () => 0)];
      const moved = flat(trained[head]!.weights).map((value, at) => start[at]! - value);
      const largest = Math.max(...gradient.map(Math.abs));
      expect(largest).toBeGreaterThan(0.01);
      moved.forEach((value, at) => expect(Math.abs(value - gradient[at]!)).toBeLessThan(1e-5 * largest));
    });
  });

  it("ends as near to the float64 run as twice PyTorch's float32", async () => {
    const trained = await trainWithOnnx({ examples, plan, heads }, hooks);
    heads.forEach(({ end, float32Distance }, head) => {
      const { weights, isFinite } = trained[head]!;
      expect(isFinite).toBe(true);
      const distance = Math.hypot(...flat(weights).map((value, at) => value - end[at]!));
      expect(distance).toBeLessThan(2 * float32Distance);
    });
  });
});

/** Weights, then bias. */
const flat = ({ weights, bias }: HeadWeights): readonly number[] => [...weights, ...bias];

/** Sizes that no vector of the processor divides. */
const drawn = {
  rows: 300,
  rowWidth: 203,
  columns: [{ start: 0, length: 203 }],
  batchSize: 61,
  epochs: 6,
  momentum: 0.875,
};

/** Heads of 14 outputs, of which 9 share a block. */
const softmax = drawTraining({ ...drawn, loss: "softmax", outputs: 14 });

const settingsOf = (count: number): readonly HeadSettings[] =>
  Array.from({ length: count }, (_, head) => ({ learningRate: 0.5 / (head + 1), weightDecay: [0, 0.01][head % 2]! }));

const train = ({ examples, plan }: DrawnTraining, heads: readonly HeadSettings[]): Promise<readonly TrainedHead[]> =>
  trainWithOnnx({ examples, plan, heads }, hooks);

describe("a head's bits do not depend on", () => {
  it.each([
    { loss: "softmax", outputs: 14, perBlock: 9 },
    { loss: "sigmoid", outputs: 14, perBlock: 9 },
    { loss: "softmax", outputs: 4, perBlock: 16 },
    { loss: "sigmoid", outputs: 1, perBlock: 32 },
  ] as const)("its neighbours: $loss over $outputs outputs", async ({ loss, outputs, perBlock }) => {
    const task = drawTraining({ ...drawn, loss, outputs });
    const heads = settingsOf(2 * perBlock + 2);
    const together = await train(task, heads);
    expect(together.map(({ isFinite }) => isFinite)).not.toContain(false);
    for (const count of [1, 2, 16]) expect(await train(task, heads.slice(0, count))).toEqual(together.slice(0, count));
    for (const head of [7, 2 * perBlock + 1]) expect(await train(task, [heads[head]!])).toEqual([together[head]]);
  });

  it("a neighbour that diverges", async () => {
    const heads = settingsOf(3);
    const [first, , last] = await train(softmax, heads);
    const diverging = heads.with(1, { learningRate: 1e30, weightDecay: 0.01 });
    const [left, middle, right] = await train(softmax, diverging);
    expect(middle?.isFinite).toBe(false);
    expect(left).toEqual(first);
    expect(right).toEqual(last);
  });

  it("how its steps are cut into calls", async () => {
    const task = { ...softmax, heads: settingsOf(20) };
    const whole = await trainWithOnnx(task, hooks);
    for (const length of [1, 7, 1000]) {
      expect((await trainInCalls(task, hooks, { chooseLength: () => length })).map(({ weights }) => weights)).toEqual(
        whole.map(({ weights }) => weights),
      );
    }
  });

  it("whether the inputs are standardised once or step by step", async () => {
    const task = { ...softmax, heads: settingsOf(20) };
    const byStep = await trainInCalls(task, hooks, { chooseLength: () => 7, copyLimit: 0 });
    expect(byStep).toEqual(await trainInCalls(task, hooks, { chooseLength: () => 7 }));
  });

  it("whether the weights of its epochs are kept", async () => {
    const task = { ...softmax, heads: settingsOf(2) };
    const kept = await trainWithOnnx({ ...task, plan: { ...task.plan, keepEpochs: true } }, hooks);
    const whole = await trainWithOnnx(task, hooks);
    kept.forEach(({ epochs, ...head }, place) => {
      expect(epochs).toHaveLength(6);
      expect({ ...head, epochs: [] }).toEqual(whole[place]);
      expect(epochs.at(-1)).toEqual(head.weights);
    });
    const short = await trainWithOnnx(
      { ...task, plan: { ...task.plan, steps: 5, rateFactor: task.plan.rateFactor } },
      hooks,
    );
    expect(kept.map(({ epochs }) => epochs[0])).toEqual(short.map(({ weights }) => weights));
  });

  it("whether the features lie on shared memory", async () => {
    const values = new Float32Array(new SharedArrayBuffer(softmax.examples.values.byteLength));
    values.set(softmax.examples.values);
    const shared = { ...softmax, examples: { ...softmax.examples, values } };
    expect(await train(shared, settingsOf(2))).toEqual(await train(softmax, settingsOf(2)));
  });
});

it("gives a head of more outputs than a block has columns a wider block to itself", async () => {
  const task = drawTraining({ ...drawn, loss: "softmax", outputs: 300 });
  const heads = settingsOf(2);
  const [first, second] = await train(task, heads);
  expect(await train(task, [heads[1]!])).toEqual([second]);
  expect(first?.weights.weights).toHaveLength(300 * 203);
  expect(first!.lastLoss).toBeLessThan(first!.firstLoss / 2);
});

it("ends after the steps that the plan allows, within an epoch too", async () => {
  const task = { ...softmax, plan: { ...softmax.plan, steps: 7, keepEpochs: true }, heads: settingsOf(1) };
  const [head] = await trainWithOnnx(task, hooks);
  expect(head?.epochs).toHaveLength(2);
});

it("reports its progress, and stops between calls", async () => {
  const controller = new AbortController();
  const done: number[] = [];
  const progress = (steps: number, total: number): void => {
    expect(total).toBe(90);
    done.push(steps);
    if (steps === 15) controller.abort(new Error("stopped"));
  };
  const task = { ...softmax, heads: settingsOf(20) };
  const training = trainInCalls(task, { ...hooks, signal: controller.signal, progress }, { chooseLength: () => 5 });
  await expect(training).rejects.toThrow("stopped");
  expect(done).toEqual([5, 10, 15]);
});
