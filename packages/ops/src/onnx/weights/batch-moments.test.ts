import { describe, expect, it } from "vitest";
import { attributeTypes, type OnnxAttribute, type OnnxModel, type OnnxNode } from "../onnx-model.ts";
import { smallConvolution, type SmallModel } from "../training/training-testing/small-models.ts";
import { drawBatches, openSmallTraining, stateOf } from "../training/training-testing/small-training.ts";
import type { BatchNormMode } from "./batch-moments.ts";

const network = smallConvolution();

/** The network with another node, or other nodes, in place of its batch normalisation. */
function withNorm(change: (norm: OnnxNode) => OnnxNode, functions: OnnxModel["functions"] = []): SmallModel {
  const { model } = network;
  const node = (model.graph.node ?? []).map((each) => (each.opType === "BatchNormalization" ? change(each) : each));
  return { ...network, model: { ...model, graph: { ...model.graph, node }, functions } };
}

const isTraining: OnnxAttribute = { name: "training_mode", type: attributeTypes.int, i: 1 };
const inTraining = withNorm((norm) => ({
  ...norm,
  attribute: [...(norm.attribute ?? []), isTraining],
  output: [...(norm.output ?? []), "mean after", "variance after"],
}));

const ownNames = ["x", "a", "b", "c", "d"];
const inFunction = withNorm(
  ({ attribute: _, ...norm }) => ({ ...norm, opType: "Norm", domain: "own" }),
  [
    {
      ...{ name: "Norm", domain: "own", input: ownNames, output: ["y"], opsetImport: [{ domain: "", version: 20 }] },
      node: [
        {
          ...{ opType: "BatchNormalization", input: ownNames, output: ["y"] },
          attribute: network.model.graph.node!.find(({ opType }) => opType === "BatchNormalization")!.attribute!,
        },
      ],
    },
  ],
);

async function train(trained: SmallModel, batchNorms: BatchNormMode) {
  const sizes = { network: trained, batch: 3 };
  const trainer = await openSmallTraining({ ...sizes, batchNorms });
  const { losses } = await trainer.run(3, drawBatches(3, sizes));
  const state = stateOf(trainer);
  await trainer.close();
  return { losses, state };
}

// What they come to is held against PyTorch by the steps of a training, see training-steps.test.ts.
describe("batchNormsAs", () => {
  it.each<[string, SmallModel]>([
    ["in training", inTraining],
    ["in a function of the file", inFunction],
  ])("takes norms %s for the mode that is asked for", async (_, other) => {
    const [frozen, batch] = [await train(network, "frozen"), await train(network, "batch")];
    expect(await train(other, "frozen")).toEqual(frozen);
    expect(await train(other, "batch")).toEqual(batch);
    expect(frozen.losses[0]).not.toBe(batch.losses[0]);
    expect(Object.keys(batch.state).filter((name) => !(name in frozen.state))).toEqual([
      ...["norm.running_mean", "norm.running_var"],
    ]);
  });
});
