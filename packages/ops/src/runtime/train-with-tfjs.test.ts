import { describe, expect, it } from "vitest";
import {
  readTrainingFixture,
  trainingProblem,
  type TrainedReference,
} from "../../../../tests/ops/reference/tfjs-training-fixture.ts";
import type { HeadSettings, HeadWeights, TrainingHooks, TrainingTask } from "../heads/linear/trainer.ts";
import { loadInstalled, loadTfjs, type LoadPackage } from "./tfjs.ts";
import { tfjsTrainer, trainWithTfjs } from "./train-with-tfjs.ts";

const fixture = readTrainingFixture();
const softmax = fixture.cases[0]!;

const wasm = "@tensorflow/tfjs-backend-wasm";
const native = ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"];
const byWasm = { backend: "wasm", load: () => loadTfjs(installedBut(...native)) };
const byJavaScript = { backend: "cpu", load: () => loadTfjs(installedBut(...native, wasm)) };

describe.each([byWasm, byJavaScript])("by the backend $backend", ({ backend, load }) => {
  it.each(fixture.cases)("follows PyTorch's float64 for 50 steps: $name", async (problem) => {
    const heads = await tfjsTrainer(load)({ ...trainingProblem(fixture, problem), heads: problem.heads }, hooks());
    expect((await load())?.backend).toBe(backend);
    expect(heads).toHaveLength(problem.heads.length);
    for (const [index, head] of heads.entries()) {
      const reference = problem.heads[index]!;
      expect(head.isFinite).toBe(true);
      expect([head.firstLoss, head.lastLoss].every(Number.isFinite)).toBe(true);
      expect(head.epochs).toHaveLength(fixture.epochs);
      for (const [epoch, weights] of head.epochs.entries()) expectCloseWeights(weights, reference.epochs[epoch]!);
      expectCloseWeights(head.weights, reference.epochs.at(-1)!);
    }
  });

  it("leaves no tensor behind", async () => {
    const loaded = await load();
    const count = (): number | undefined => loaded?.tf.memory().numTensors;
    const before = count();
    expect(before).toBeTypeOf("number");
    await tfjsTrainer(load)(taskOf(softmax.heads), hooks());
    const stopped = tfjsTrainer(load)(taskOf(softmax.heads), hooks(AbortSignal.abort()));
    await expect(stopped).rejects.toMatchObject({ name: "AbortError" });
    expect(count()).toBe(before);
  });
});

it("trains to nearly the same weights by WASM and in JavaScript", async () => {
  const [left, right] = [
    await tfjsTrainer(byWasm.load)(taskOf(softmax.heads), hooks()),
    await tfjsTrainer(byJavaScript.load)(taskOf(softmax.heads), hooks()),
  ];
  for (const [index, head] of left.entries()) expectCloseWeights(head.weights, right[index]!.weights);
});

it("gives a head the same bits alone, again and beside one that diverges", async () => {
  const train = tfjsTrainer(byWasm.load);
  const [first, second] = softmax.heads;
  const together = await train(taskOf([first!, { learningRate: 1e30, weightDecay: 0.1 }, second!]), hooks());
  expect(together.map(({ isFinite }) => isFinite)).toEqual([true, false, true]);
  expect(together[1]!.lastLoss).not.toBeLessThan(Infinity);
  for (const [index, settings] of [first!, null, second!].entries()) {
    if (settings !== null) expect(await train(taskOf([settings]), hooks())).toEqual([together[index]]);
  }
});

it("calls a head infinite that only its last step has thrown off", async () => {
  const problem = trainingProblem({ ...fixture, epochs: 1, steps: 1 }, softmax);
  const heads = [{ learningRate: Number.MAX_VALUE, weightDecay: 0 }];
  const [head] = await tfjsTrainer(byWasm.load)({ ...problem, heads }, hooks());
  expect(head).toMatchObject({ isFinite: false, firstLoss: expect.closeTo(1.6, 0) as number });
});

it("trains by what is installed, keeps no epochs unasked, and reports the last step", async () => {
  const { examples, plan } = trainingProblem(fixture, softmax);
  const seen: [number, number][] = [];
  const heads = await trainWithTfjs(
    { examples, plan: { ...plan, keepEpochs: false }, heads: softmax.heads },
    { ...hooks(), progress: (done, total) => seen.push([done, total]) },
  );
  for (const [index, head] of heads.entries()) {
    expectCloseWeights(head.weights, softmax.heads[index]!.epochs.at(-1)!);
    expect(head.epochs).toEqual([]);
  }
  expect(seen.at(-1)).toEqual([50, 50]);
});

it("ends after the epochs where these have fewer steps", async () => {
  const problem = trainingProblem({ ...fixture, epochs: 2, steps: 1000 }, softmax);
  const [head] = await tfjsTrainer(byWasm.load)({ ...problem, heads: softmax.heads }, hooks());
  expect(head?.epochs).toHaveLength(2);
  expect(head?.epochs.at(-1)).toEqual(head?.weights);
});

it("stops between steps when it is aborted", async () => {
  const { examples, plan } = trainingProblem(fixture, softmax);
  const controller = new AbortController();
  const epochs: number[] = [];
  const order = (epoch: number): Int32Array => {
    epochs.push(epoch);
    if (epoch === 2) controller.abort();
    return plan.order(epoch);
  };
  const training = trainWithTfjs(
    { examples, plan: { ...plan, order }, heads: softmax.heads },
    hooks(controller.signal),
  );
  await expect(training).rejects.toMatchObject({ name: "AbortError" });
  expect(epochs).toEqual([0, 1, 2]);
});

it("says what to install where TensorFlow.js is missing", async () => {
  const none = () => loadTfjs(installedBut(...native, "@tensorflow/tfjs"));
  const training = tfjsTrainer(none)(taskOf(softmax.heads), hooks());
  await expect(training).rejects.toMatchObject({ name: "OpError", code: "engine-missing" });
  for (const name of [...native, `@tensorflow/tfjs ${wasm}`]) {
    await expect(training).rejects.toMatchObject({ hint: expect.stringContaining(`npm install ${name}\``) as string });
  }
});

function taskOf(heads: readonly HeadSettings[]): TrainingTask {
  return { ...trainingProblem(fixture, softmax), heads };
}

function hooks(signal = new AbortController().signal): TrainingHooks {
  return { signal, progress: () => undefined };
}

/** What is installed, as if the packages named were not. */
function installedBut(...names: readonly string[]): LoadPackage {
  return (name) => (names.includes(name) ? null : loadInstalled(name));
}

function expectCloseWeights(actual: HeadWeights, expected: HeadWeights | TrainedReference["epochs"][number]): void {
  expectClose(actual.weights, expected.weights);
  expectClose(actual.bias, expected.bias);
}

/** Within what 50 steps in float32 lose, the values being of the order of 1. */
function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual).toHaveLength(expected.length);
  const differences = Array.from(actual, (value, index) => Math.abs(value - expected[index]!));
  expect(Math.max(...differences)).toBeLessThan(2e-6);
}
