import { describe, expect, it } from "vitest";
import { decodeSafetensors } from "../../arrays/safetensors.ts";
import type { NetworkTrainer } from "../../training/network-trainer.ts";
import type { TensorValues } from "../../runtime/session.ts";
import { adamW } from "../optimisers/adam-w.ts";
import { lossScaleNames } from "./loss-scaling.ts";
import { smallConvolution, smallPerceptron } from "./training-testing/small-models.ts";
import {
  drawBatches,
  openSmallTraining,
  someSteps,
  stateOf,
  type SmallTraining,
} from "./training-testing/small-training.ts";

const scaled = { network: smallPerceptron(), batch: 4, scalesLoss: true, rateAt: () => 0.01, optimiser: adamW() };
const batches = drawBatches(8, scaled);

/** The same batches, of which some steps' first value is so large that gradients overflow. */
function overflowingAt(steps: readonly number[], inputs: TensorValues = batches, large = 1e38): TensorValues {
  const { data, dims } = inputs["images"]!;
  const images = Float32Array.from(data as Float32Array);
  for (const step of steps) images[(step * images.length) / dims[0]!] = large;
  return { ...inputs, images: { data: images, dims } };
}

/** Without some of the steps. */
function withoutSteps(steps: readonly number[]): readonly TensorValues[] {
  const places = Array.from({ length: 8 }, (_, step) => step).filter((step) => !steps.includes(step));
  return places.map((step) => someSteps(batches, step, step + 1));
}

function scaleOf(trainer: NetworkTrainer): readonly (number | bigint | undefined)[] {
  const state = stateOf(trainer);
  return [state[lossScaleNames.scale]![0], state[lossScaleNames.streak]![0]];
}

function takenBy(trainer: NetworkTrainer): string | undefined {
  return decodeSafetensors(trainer.checkpoint()).metadata["taken"];
}

/** All but the scale. */
function movedBy(trainer: NetworkTrainer): object {
  const names: readonly string[] = Object.values(lossScaleNames);
  return Object.fromEntries(Object.entries(stateOf(trainer)).filter(([name]) => !names.includes(name)));
}

describe("a scaled loss", () => {
  it("moves weights as one that is not scaled, and its norms are those of the gradients themselves", async () => {
    const trainers = await Promise.all(
      [true, false].map((scalesLoss) => openSmallTraining({ ...scaled, scalesLoss, largestNorm: 0.5 })),
    );
    const [own, plain] = await Promise.all(trainers.map((trainer) => trainer.run(8, batches)));
    expect(own!.losses).toHaveLength(8);
    own!.losses.forEach((loss, step) => expect(loss).toBeCloseTo(plain!.losses[step]!, 5));
    own!.norms!.forEach((norm, step) => expect(norm).toBeCloseTo(plain!.norms![step]!, 5));
    expect(Math.max(...own!.norms!)).toBeGreaterThan(0.5);
    expect(scaleOf(trainers[0]!)).toEqual([65536, 8]);
    await Promise.all(trainers.map((trainer) => trainer.close()));
  });

  it("takes no step whose gradients are not finite, and halves its scale", async () => {
    const trainer = await openSmallTraining(scaled);
    await trainer.run(2, someSteps(batches, 0, 2));
    const before = movedBy(trainer);
    const { norms } = await trainer.run(1, someSteps(overflowingAt([2]), 2, 3));
    expect(Number.isFinite(norms![0])).toBe(false);
    expect(movedBy(trainer)).toEqual(before);
    expect(scaleOf(trainer)).toEqual([32768, 0]);
    expect([trainer.step, takenBy(trainer)]).toEqual([3, "2"]);
    await trainer.run(2, someSteps(batches, 3, 5));
    expect(movedBy(trainer)).not.toEqual(before);
    expect(scaleOf(trainer)).toEqual([32768, 2]);
    expect([trainer.step, takenBy(trainer)]).toEqual([5, "4"]);
    await trainer.close();
  });

  // A scale is a power of two, so that bits do not hang on it.
  it.each<[string, readonly number[], Partial<SmallTraining>]>([
    ["in one call", [0, 3, 4], {}],
    ["one after the other", [0, 3, 4], { repeat: 8 }],
    ["clipped", [1, 5], { largestNorm: 0.5 }],
    ["worked out again", [0, 7], { keptActivations: 0.4 }],
  ])("leaves the other steps as they are without the skipped ones: %s", async (_, skipped, options) => {
    const trainer = await openSmallTraining({ ...scaled, ...options });
    const { losses } = await trainer.run(8, overflowingAt(skipped));
    const other = await openSmallTraining({ ...scaled, ...options, repeat: "loop" });
    for (const inputs of withoutSteps(skipped)) await other.run(1, inputs);
    expect(movedBy(trainer)).toEqual(movedBy(other));
    expect(takenBy(trainer)).toBe(String(8 - skipped.length));
    expect(losses.map((loss, step) => (Number.isFinite(loss) ? -1 : step)).filter((step) => step >= 0)).toEqual(
      skipped,
    );
    await Promise.all([trainer.close(), other.close()]);
  });

  it("keeps running moments of a step that is skipped, one part of which overflows", async () => {
    const options: SmallTraining = { network: smallConvolution(), batch: 2, parts: 3, batchNorms: "batch" };
    const inputs = drawBatches(1, options);
    const trainer = await openSmallTraining({ ...options, scalesLoss: true });
    await trainer.run(1, inputs);
    const before = movedBy(trainer);
    await trainer.run(1, overflowingAt([0], inputs, Infinity));
    expect(movedBy(trainer)).toEqual(before);
    await trainer.run(1, inputs);
    expect(movedBy(trainer)).not.toEqual(before);
    await trainer.close();
  });

  it("doubles its scale after 2000 steps that were taken one after the other", async () => {
    const many = Object.fromEntries(
      Object.entries(someSteps(batches, 0, 1)).map(([name, { data, dims }]) => {
        const repeated =
          data.constructor === Float32Array ? new Float32Array(2000 * data.length) : new Int32Array(2000 * data.length);
        repeated.forEach((_value, at) => (repeated[at] = Number(data[at % data.length])));
        return [name, { data: repeated, dims: [2000, ...dims.slice(1)] }] as const;
      }),
    );
    const trainer = await openSmallTraining({ ...scaled, rateAt: () => 0 });
    await trainer.run(1, overflowingAt([0], someSteps(many, 0, 1)));
    await trainer.run(1999, someSteps(many, 0, 1999));
    expect(scaleOf(trainer)).toEqual([32768, 1999]);
    await trainer.run(1, someSteps(many, 0, 1));
    expect(scaleOf(trainer)).toEqual([65536, 0]);
    await trainer.run(2000, many);
    expect(scaleOf(trainer)).toEqual([131072, 0]);
    await trainer.close();
  });
});
