import { describe, expect, it } from "vitest";
import {
  drawStepsInput,
  drawStepsLabels,
  readLowRank,
} from "../../../../../tests/ops/reference/training-steps-fixture.ts";
import type { OnnxNode } from "../onnx-model.ts";
import { sgd } from "../optimisers/sgd.ts";
import { countsInput, truthInput } from "../training/model-training.ts";
import { buildNetworkTraining } from "../training/network-training.ts";
import { smallPerceptron, smallTransformer, withValues } from "../training/training-testing/small-models.ts";
import {
  describeSmallTraining,
  drawBatches,
  openSmallTraining,
  type SmallTraining,
} from "../training/training-testing/small-training.ts";

const { batch, rank, alpha, rate, momentum, losses, pairs, float32Distance } = readLowRank();
const perceptron = withValues(smallPerceptron(), drawStepsInput);
const lowRank: SmallTraining = {
  network: perceptron,
  batch,
  choice: null,
  lowRank: { patterns: ["*.weight"], rank, alpha },
  optimiser: sgd({ momentum }),
};

/** Products in the loop's body and outside it. */
function productsIn(training: SmallTraining): number {
  const count = (nodes: readonly OnnxNode[]): number =>
    nodes.reduce((sum, { opType, attribute = [] }) => {
      const inner = attribute.reduce((all, { g }) => all + count(g?.node ?? []), 0);
      return sum + inner + (opType === "MatMul" || opType === "Gemm" ? 1 : 0);
    }, 0);
  return count(buildNetworkTraining(describeSmallTraining(training).spec).model.graph.node ?? []);
}

describe("withLowRank", () => {
  it("takes PyTorch's steps", async () => {
    const start = ["hidden", "last"].map((layer) => {
      const name = `${layer}.weight.low_rank_down`;
      return [name, drawStepsInput(name, (layer === "hidden" ? 6 : 8) * rank)] as const;
    });
    const ups = [["hidden", 8] as const, ["last", 3] as const].map(([layer, outputs]) => {
      return [`${layer}.weight.low_rank_up`, new Float32Array(rank * outputs)] as const;
    });
    const trainer = await openSmallTraining({ ...lowRank, start: new Map([...start, ...ups]), rateAt: () => rate });
    for (const [step, loss] of losses.entries()) {
      const report = await trainer.run(1, {
        images: { data: drawStepsInput(`images ${step}`, batch * 6), dims: [1, batch, 6] },
        [truthInput]: { data: drawStepsLabels(step, batch, 3), dims: [1, batch] },
        [countsInput]: { data: new Float32Array(batch).fill(1), dims: [1, batch] },
      });
      expect(report.losses[0]).toBeCloseTo(loss, 5);
    }
    const found = ["hidden", "last"].flatMap((layer) =>
      ["down", "up"].flatMap((matrix) => [...trainer.values(`${layer}.weight.low_rank_${matrix}`)]),
    );
    await trainer.close();
    expect(found).toHaveLength(pairs.length);
    expect(Math.hypot(...found.map((value, at) => value - pairs[at]!))).toBeLessThan(4 * float32Distance);
  });

  it("works out no gradient of a matrix that stays", () => {
    // Forwards 2 and 4 of the pairs. Backwards 3 for each pair (of down, of up, of what is between them), and to the first layer's
    // result by both ways; its images need none.
    expect(productsIn(lowRank)).toBe(6 + 3 + 3 + 2);
    expect(productsIn({ ...lowRank, lowRank: { patterns: ["last.*"], rank, alpha } })).toBe(4 + 3);
    // Forwards 2, backwards 2 of weights and 1 to the first layer's result.
    const all: SmallTraining = { network: perceptron, batch, choice: { train: ["*.weight"] } };
    expect(productsIn(all)).toBe(2 + 2 + 1);
    expect(productsIn({ ...all, choice: { train: ["last.weight"] } })).toBe(2 + 1);
  });

  it.each([["*.qkv.weight"], ["*.fc1.weight", "*.fc2.weight", "head.*"]])(
    "begins as the network was: %s",
    async (...patterns) => {
      const sizes = { network: smallTransformer(), batch: 4 };
      const own: SmallTraining = { ...sizes, choice: { train: ["positions"] } };
      const { pairs: found } = describeSmallTraining({ ...own, lowRank: { patterns, rank: 2, alpha: 8 } });
      const ups = new Map(found.map(({ up }) => [up.name, new Float32Array(up.shape[0] * up.shape[1])]));
      const plain = await openSmallTraining(own);
      const widened = await openSmallTraining({ ...own, lowRank: { patterns, rank: 2, alpha: 8 }, start: ups });
      const inputs = drawBatches(2, sizes);
      const [before, after] = [await plain.run(2, inputs), await widened.run(2, inputs)];
      await Promise.all([plain.close(), widened.close()]);
      expect(found).toHaveLength(patterns.length === 1 ? 2 : 5);
      expect(after.losses[0]).toBe(before.losses[0]);
      // The pairs do move.
      expect(after.losses[1]).not.toBe(before.losses[1]);
    },
  );

  it("says which pattern fits no matrix, and what is near it", () => {
    const asking =
      (patterns: readonly string[], features = "logits") =>
      () =>
        describeSmallTraining({ ...lowRank, features, lowRank: { patterns, rank, alpha } });
    expect(asking(["last.weight", "hiden.weight"])).toThrow(
      'small.onnx has no matrix that fits "hiden.weight" and that rows are multiplied by. Did you mean "hidden.weight"?',
    );
    // Biases are no matrices, and what the features do not need is none of theirs.
    expect(asking(["last.bias"])).toThrow("has no matrix that fits");
    expect(asking(["last.*"], "Gemm:0")).toThrow("has no matrix that fits");
  });
});
