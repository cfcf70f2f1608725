import { describe, expect, it } from "vitest";
import { decodeSafetensors, encodeSafetensors } from "../arrays/safetensors.ts";
import { adamW } from "../onnx/optimisers/adam-w.ts";
import { sgd } from "../onnx/optimisers/sgd.ts";
import { buildNetworkTraining } from "../onnx/training/network-training.ts";
import { smallPerceptron, smallTransformer, smallUNet } from "../onnx/training/training-testing/small-models.ts";
import {
  describeSmallTraining,
  drawBatches,
  openSmallTraining,
  someSteps,
  stateOf,
  type SmallTraining,
} from "../onnx/training/training-testing/small-training.ts";
import { openNetworkTrainer, type NetworkTrainer } from "./network-trainer.ts";

const perceptron: SmallTraining = { network: smallPerceptron(), batch: 4 };
const trainings: readonly (readonly [string, SmallTraining])[] = [
  ["SGD with momentum", perceptron],
  ["AdamW, clipped", { network: smallTransformer(), batch: 3, optimiser: adamW(), weightDecay: 0.1, largestNorm: 1 }],
  ["running moments, batches in parts", { network: smallUNet(2), batch: 2, parts: 2, batchNorms: "batch" }],
  ["low-rank pairs", { ...perceptron, choice: null, lowRank: { patterns: ["*"], rank: 1, alpha: 1 } }],
  ["float16", { network: smallTransformer(), batch: 3, optimiser: adamW(), precision: "float16" }],
];

const steps = 6;

/** All steps in calls of so many, from a state or from the start. */
async function train(training: SmallTraining, calls: readonly number[], first = 0) {
  const trainer = await openSmallTraining(training);
  const inputs = drawBatches(steps, training);
  const losses: number[] = [];
  let step = first;
  for (const count of calls) {
    losses.push(...(await trainer.run(count, someSteps(inputs, step, step + count))).losses);
    step += count;
  }
  const result = { losses, state: stateOf(trainer), checkpoint: trainer.checkpoint(), step: trainer.step };
  await trainer.close();
  return result;
}

describe.each(trainings)("a trainer: %s", (_, training) => {
  it("ends with the same bits from the same start, however its steps are called", async () => {
    const whole = await train(training, [steps]);
    expect(whole.step).toBe(steps);
    expect(await train(training, [steps])).toEqual(whole);
    expect(await train(training, [1, 1, 1, 1, 1, 1])).toEqual(whole);
    // Written one after the other, they are another graph.
    for (const repeat of [3, 2]) {
      const unrolled = await train({ ...training, repeat }, Array<number>(steps / repeat).fill(repeat));
      expect(unrolled.state).toEqual(whole.state);
      expect(unrolled.losses).toEqual(whole.losses);
      expect(unrolled.checkpoint).not.toEqual(whole.checkpoint);
    }
    expect((await train({ ...training, rateAt: () => 0.01 }, [steps])).state).not.toEqual(whole.state);
  });

  it("goes on from a checkpoint with the bits that it would have had", async () => {
    const whole = await train(training, [steps]);
    const { checkpoint, losses } = await train(training, [2, 1]);
    const rest = await train({ ...training, checkpoint }, [3], 3);
    expect([...losses, ...rest.losses]).toEqual(whole.losses);
    expect(rest.checkpoint).toEqual(whole.checkpoint);
  });
});

it("counts skipped steps on over a checkpoint", async () => {
  const training = { ...perceptron, optimiser: adamW(), scalesLoss: true, rateAt: () => 0.01 };
  const inputs = drawBatches(steps, training);
  (inputs["images"]!.data as Float32Array)[1 * 24] = Infinity;
  const runFrom = async (checkpoint: Uint8Array | null, from: number, to: number): Promise<Uint8Array> => {
    const trainer = await openSmallTraining({ ...training, checkpoint });
    await trainer.run(to - from, someSteps(inputs, from, to));
    await trainer.close();
    return trainer.checkpoint();
  };
  const whole = await runFrom(null, 0, steps);
  expect(decodeSafetensors(whole).metadata).toMatchObject({ step: "6", taken: "5" });
  expect(await runFrom(await runFrom(null, 0, 3), 3, steps)).toEqual(whole);
});

describe("a checkpoint", () => {
  it.each<[string, Partial<SmallTraining>]>([
    ["another choice of weights", { choice: { train: ["last.*"] } }],
    ["another optimiser", { optimiser: sgd({ momentum: 0.8 }) }],
    ["another size of batches", { batch: 5 }],
    ["gradients that are clipped", { largestNorm: 1 }],
    ["another network", { network: smallTransformer() }],
  ])("is refused for %s", async (_, other) => {
    const { checkpoint } = await train(perceptron, [1]);
    await expect(openSmallTraining({ ...perceptron, ...other, checkpoint })).rejects.toMatchObject({
      code: "checkpoint-of-other-training",
    });
  });

  it("is refused where it is damaged, or no checkpoint", async () => {
    const { checkpoint } = await train(perceptron, [1]);
    const open = (bytes: Uint8Array): Promise<NetworkTrainer> =>
      openSmallTraining({ ...perceptron, checkpoint: bytes });
    for (const bytes of [checkpoint.subarray(0, -1), new Uint8Array(), new TextEncoder().encode("what is this?")]) {
      await expect(open(bytes)).rejects.toMatchObject({
        code: "checkpoint-unreadable",
        message: expect.stringMatching(/^The checkpoint cannot be read: the file is cut short/) as string,
      });
    }
    const { tensors, metadata } = decodeSafetensors(checkpoint);
    const less = new Map([...tensors].slice(1));
    await expect(open(encodeSafetensors({ tensors: less, metadata }))).rejects.toMatchObject({
      code: "checkpoint-of-other-training",
    });
    await expect(open(encodeSafetensors({ tensors, metadata: {} }))).rejects.toMatchObject({
      code: "checkpoint-of-other-training",
    });
  });
});

describe("mistakes of ours", () => {
  it("are values that are missing or too few, and names of no tensor", async () => {
    const { spec } = describeSmallTraining(perceptron);
    const { network, batch } = perceptron;
    const open = (start: ReadonlyMap<string, Float32Array>): Promise<NetworkTrainer> => {
      const options = { training: buildNetworkTraining(spec), optimiser: spec.optimiser, rateAt: () => 0.1, start };
      return openNetworkTrainer({ ...options, threads: 1 });
    };
    const whole = spec.parameters.map(({ name, shape }) => {
      return [name, new Float32Array(shape.reduce((product, size) => product * size, 1))] as const;
    });
    await expect(open(new Map(whole.slice(1)))).rejects.toThrow('no values, or too few, for "hidden.weight"');
    await expect(open(new Map([...whole, ["hidden.bias", new Float32Array(7)]]))).rejects.toThrow('for "hidden.bias"');
    const trainer = await open(new Map(whole));
    expect(() => trainer.values("hidden")).toThrow('The training has no tensor "hidden".');
    expect(trainer.values("hidden.bias.velocity")).toEqual(new Float32Array(8));
    await expect(trainer.run(1, { images: drawBatches(1, { network, batch })["images"]! })).rejects.toThrow("truth");
    await trainer.close();
  });

  it("are other counts of steps than those that are written one after the other", async () => {
    const trainer = await openSmallTraining({ ...perceptron, repeat: 2 });
    await expect(trainer.run(3, drawBatches(3, perceptron))).rejects.toThrow();
    await trainer.run(2, drawBatches(2, perceptron));
    expect(trainer.step).toBe(2);
    await trainer.close();
  });
});
