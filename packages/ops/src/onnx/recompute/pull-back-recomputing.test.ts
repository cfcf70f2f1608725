import { describe, expect, it } from "vitest";
import type { OnnxNode } from "../onnx-model.ts";
import { adamW } from "../optimisers/adam-w.ts";
import { buildNetworkTraining } from "../training/network-training.ts";
import {
  sharedPerceptron,
  smallPerceptron,
  smallTransformer,
  smallUNet,
} from "../training/training-testing/small-models.ts";
import {
  describeSmallTraining,
  drawBatches,
  openSmallTraining,
  stateOf,
  type SmallTraining,
} from "../training/training-testing/small-training.ts";

/** The state after three steps, by name. */
async function train(training: SmallTraining): Promise<Readonly<Record<string, readonly (number | bigint)[]>>> {
  const trainer = await openSmallTraining({ ...training, rateAt: () => 1e-3 });
  const { losses } = await trainer.run(3, drawBatches(3, training));
  // What is worked out again has zeros of the other sign here and there: 0 is added to it.
  const state = Object.entries(stateOf(trainer)).map(
    ([name, values]) => [name, values.map((each) => (each === 0 ? 0 : each))] as const,
  );
  await trainer.close();
  return { losses, ...Object.fromEntries(state) };
}

/** How many nodes there are of an operator in a training, the bodies of its loops included. */
function countOf(operator: string, training: SmallTraining): number {
  const count = (nodes: readonly OnnxNode[]): number =>
    nodes.reduce((sum, { opType, attribute = [] }) => {
      const inner = attribute.reduce((all, { g }) => all + count(g?.node ?? []), 0);
      return sum + inner + (opType === operator ? 1 : 0);
    }, 0);
  return count(buildNetworkTraining(describeSmallTraining(training).spec).model.graph.node ?? []);
}

describe.each<[string, string, SmallTraining]>([
  ["layers", "Gelu", { network: smallPerceptron(), batch: 4 }],
  ["a matrix that all layers share", "Gelu", { network: sharedPerceptron(9), batch: 4 }],
  ["a network with skip connections", "MaxPool", { network: smallUNet(2), batch: 2 }],
  ["norms of the batch", "BatchNormalization", { network: smallUNet(2), batch: 2, batchNorms: "batch" }],
  ["parts of a batch", "BatchNormalization", { network: smallUNet(2), batch: 2, parts: 2, batchNorms: "batch" }],
  ["attention", "Gelu", { network: smallTransformer(), batch: 3, largestNorm: 1, optimiser: adamW() }],
  [
    "low-rank pairs, steps and parts one after the other",
    "Gelu",
    { network: smallPerceptron(), batch: 3, parts: 2, repeat: 3, lowRank: { patterns: ["*"], rank: 2, alpha: 1 } },
  ],
  ["a part of the weights", "Gelu", { network: smallTransformer(), batch: 3, choice: { train: ["*.1.*", "head.*"] } }],
])("pullBackRecomputing of %s", (_, operator, training) => {
  it("works activations out again, and gives the same bits", async () => {
    const plain = await train(training);
    expect(plain["losses"]!.every(Number.isFinite)).toBe(true);
    const counts = [1, 0.9, 0.6, 0.4, 0.2].map((keptActivations) =>
      countOf(operator, { ...training, keptActivations }),
    );
    expect(counts[0]).toBe(countOf(operator, training));
    expect(counts.at(-1)).toBeGreaterThan(counts[0]!);
    for (const keptActivations of [0.9, 0.6, 0.4, 0.2]) {
      expect(await train({ ...training, keptActivations }), String(keptActivations)).toEqual(plain);
    }
  });
});
