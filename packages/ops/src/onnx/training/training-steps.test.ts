import { expect, it } from "vitest";
import {
  drawStepsInput,
  drawStepsLabels,
  readTrainingSteps,
} from "../../../../../tests/ops/reference/training-steps-fixture.ts";
import type { StepsReport } from "../../training/network-trainer.ts";
import { crossEntropyLoss } from "../losses/cross-entropy-loss.ts";
import { adamW } from "../optimisers/adam-w.ts";
import { sgd } from "../optimisers/sgd.ts";
import { countsInput, truthInput } from "./model-training.ts";
import { smallConvolution, smallPerceptron, withValues, type SmallModel } from "./training-testing/small-models.ts";
import { openSmallTraining, type SmallTraining } from "./training-testing/small-training.ts";

const { runs, batch, rate, largestNorm, classWeights, counts } = readTrainingSteps();
type RunName = keyof typeof runs;

const [perceptron, convolution] = [smallPerceptron(), smallConvolution()].map((network) =>
  withValues(network, drawStepsInput),
);
const noMomentum = sgd({ momentum: 0 });
const all = { network: perceptron!, batch };
const norms = { network: convolution!, batch, optimiser: noMomentum };
const inParts = {
  ...all,
  batch: batch / 3,
  parts: 3,
  optimiser: noMomentum,
  loss: crossEntropyLoss({ classWeights }),
};

// Each training of PyTorch's as several of ours that come to the same.
it.each<[RunName, string, SmallTraining]>([
  ["clipped", "", { ...all, largestNorm }],
  [
    "groups",
    "",
    {
      ...all,
      optimiser: adamW(),
      weightDecay: 0.5,
      choice: {
        train: ["*"],
        groups: [
          { pattern: "hidden.bias", rateFactor: 0.25, weightDecay: 0 },
          { pattern: "hidden.*", rateFactor: 0.25 },
          { pattern: "last.bias", weightDecay: 0 },
        ],
      },
    },
  ],
  ["parts", "in a loop", inParts],
  ["parts", "unrolled", { ...inParts, repeat: 1 }],
  ["parts", "worked out again", { ...inParts, keptActivations: 0.4 }],
  ["parts", "with a scaled loss", { ...inParts, scalesLoss: true }],
  ["parts", "as a whole", { ...inParts, batch, parts: 1 }],
  ["frozen norms", "", norms],
  ["batch norms", "", { ...norms, batchNorms: "batch" }],
  ["batch norms", "worked out again", { ...norms, batchNorms: "batch", keptActivations: 0.4 }],
])("takes PyTorch's steps: %s %s", async (name, _, training) => {
  const expected = runs[name];
  const trainer = await openSmallTraining({ ...training, rateAt: () => rate });
  const reports: StepsReport[] = [];
  for (const step of expected.losses.keys()) reports.push(await trainer.run(1, inputsOf(step, training)));
  await trainer.close();

  expectSame(
    reports.flatMap(({ losses }) => losses),
    expected.losses,
  );
  if (name === "clipped" || training.parts === 3) {
    expectSame(
      reports.flatMap((report) => report.norms ?? []),
      expected.norms,
    );
  }
  for (const [weight, values] of Object.entries(expected.values)) {
    if (name !== "frozen norms" || !weight.includes("running")) expectSame([...trainer.values(weight)], values);
  }
});

it("keeps no moments where norms are frozen, and no norms where nothing asks for them", async () => {
  const trainer = await openSmallTraining({ ...norms, rateAt: () => rate });
  expect(() => trainer.values("norm.running_mean")).toThrow('The training has no tensor "norm.running_mean".');
  expect((await trainer.run(1, inputsOf(0, norms))).norms).toBeNull();
  await trainer.close();
});

/** A step's batch of twelve, of which some count, whole or in parts. */
function inputsOf(step: number, { network, batch: size, parts = 1, loss }: SmallTraining & { network: SmallModel }) {
  const each = network.image.reduce((product, length) => product * length, 1);
  const dims = [1, ...(parts === 1 ? [] : [parts]), size];
  const kept = loss === undefined ? counts.map(() => 1) : counts;
  return {
    images: { data: drawStepsInput(`images ${step}`, batch * each), dims: [...dims, ...network.image] },
    [truthInput]: { data: drawStepsLabels(step, batch, network.classes), dims },
    [countsInput]: { data: Float32Array.from(kept), dims },
  };
}

/** To float32's digits of the largest. */
function expectSame(values: readonly number[], expected: readonly number[]): void {
  expect(values).toHaveLength(expected.length);
  const largest = Math.max(...expected.map(Math.abs));
  values.forEach((value, at) => expect(Math.abs(value - expected[at]!)).toBeLessThan(2e-6 * largest));
}
