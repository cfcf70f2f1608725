import { describe, expect, it } from "vitest";
import { createGraphBuilder } from "../graph-builder.ts";
import { add } from "../operators/arithmetic.ts";
import { greater, where } from "../operators/choices.ts";
import { linear } from "../operators/products.ts";
import { describeModelTraining } from "./model-training.ts";
import { buildNetworkTraining } from "./network-training.ts";
import { smallConvolution, smallPerceptron, type SmallModel } from "./training-testing/small-models.ts";
import {
  describeSmallTraining,
  drawBatches,
  openSmallTraining,
  stateOf,
  type SmallTraining,
} from "./training-testing/small-training.ts";

const perceptron: SmallTraining = { network: smallPerceptron(), batch: 4 };
const top: SmallTraining["top"] = {
  parameters: [
    { name: "top.weight", shape: [3, 8], rateFactor: 2 },
    { name: "top.bias", shape: [3] },
  ],
  predict: (graph, features, read) => linear(graph, features, { weight: read("top.weight"), bias: read("top.bias") }),
};

async function stateAfter(training: SmallTraining) {
  const trainer = await openSmallTraining(training);
  const { losses } = await trainer.run(3, drawBatches(3, training));
  const state = stateOf(trainer);
  await trainer.close();
  return { losses, state };
}

describe("describeModelTraining", () => {
  it("lists what moves, in the model's order, and then what is put on top", () => {
    const choice = {
      train: ["*"],
      freeze: ["last.bias"],
      groups: [{ pattern: "last.*", rateFactor: 0.5, weightDecay: 0 }],
    };
    const { spec, weights } = describeSmallTraining({ ...perceptron, choice, weightDecay: 0.1 });
    expect(weights.map(({ name }) => name)).toEqual(["hidden.weight", "hidden.bias", "last.weight"]);
    expect(spec.parameters).toEqual([
      { name: "hidden.weight", shape: [8, 6], rateFactor: 1, weightDecay: 0.1 },
      { name: "hidden.bias", shape: [8], rateFactor: 1, weightDecay: 0.1 },
      { name: "last.weight", shape: [3, 8], rateFactor: 0.5, weightDecay: 0 },
    ]);
    const onTop = describeSmallTraining({ ...perceptron, features: "Gelu:1", top });
    expect(onTop.spec.parameters.map(({ name }) => name)).toEqual([
      ...["hidden.weight", "hidden.bias", "top.weight", "top.bias"],
    ]);
  });

  it("keeps running moments as state where norms follow the batch, and only then", () => {
    const training: SmallTraining = { network: smallConvolution(), batch: 4, choice: { train: ["conv.*"] } };
    const namesOf = (batchNorms: "batch" | "frozen") =>
      describeSmallTraining({ ...training, batchNorms }).weights.map(({ name }) => name);
    expect(namesOf("frozen")).toEqual(["conv.weight"]);
    expect(namesOf("batch")).toEqual(["conv.weight", "norm.running_mean", "norm.running_var"]);
  });

  it("trains a head on an inner tensor alone as it does within the whole network", async () => {
    const whole = await stateAfter({ ...perceptron, choice: { train: ["last.*"] } });
    const { model } = perceptron.network;
    const start = ["weight", "bias"].map((part) => {
      const stored = model.graph.initializer!.find(({ name }) => name === `last.${part}`)!;
      return [`top.${part}`, new Float32Array(new Uint8Array(stored.rawData!).buffer)] as const;
    });
    const plain = { ...top, parameters: top.parameters.map(({ name, shape }) => ({ name, shape })) };
    const head = { ...perceptron, choice: null, features: "Gelu:1", top: plain, start: new Map(start) };
    const { losses, state } = await stateAfter(head);
    expect(losses).toEqual(whole.losses);
    expect(Object.values(state)).toEqual(Object.values(whole.state));
    // A frozen model's precision is that of what it enters by.
    const half = await stateAfter({ ...head, precision: "float16" });
    half.losses.forEach((loss, step) => expect(loss).toBeCloseTo(losses[step]!, 2));
  });

  it.each<[string, SmallTraining, string]>([
    ["nothing moves", { ...perceptron, choice: null }, "nothing-to-train"],
    ["all is frozen", { ...perceptron, choice: { train: ["*"], freeze: ["*"] } }, "nothing-to-train"],
    ["a pattern fits no weight", { ...perceptron, choice: { train: ["first.*"] } }, "no-such-weight"],
    [
      "a weight comes after the features",
      { ...perceptron, features: "Gelu:1", choice: { train: ["last.*"] } },
      "no-such-weight",
    ],
    ["the features are misspelt", { ...perceptron, features: "logit" }, "onnx-no-such-output"],
    [
      "images are of another size",
      { ...perceptron, network: { ...perceptron.network, image: [7] } },
      "onnx-input-mismatch",
    ],
    ["a weight only decides", { network: deciding(), batch: 4 }, "no-gradient"],
    ["a weight only decides, worked out again", { network: deciding(), batch: 4, keptActivations: 0.5 }, "no-gradient"],
  ])("refuses a training in which %s", (_, training, code) => {
    expect(() => buildNetworkTraining(describeSmallTraining(training).spec)).toThrow(expect.objectContaining({ code }));
  });

  it("takes a model without inputs for a mistake of ours", () => {
    const { network, batch } = perceptron;
    const { spec } = describeSmallTraining({ network, batch });
    const options = { model: network.model, file: "m.onnx", features: "logits", top: null, choice: { train: ["*"] } };
    const loss = () => ({ sum: createGraphBuilder().scalar(1), weight: createGraphBuilder().scalar(1) });
    const { optimiser } = spec;
    expect(() => describeModelTraining({ ...options, images: [], loss, truth: { shape: [4] }, optimiser })).toThrow(
      "without inputs",
    );
  });
});

/** A perceptron with a weight that says which of its images count. */
function deciding(): SmallModel {
  const graph = createGraphBuilder();
  const images = graph.input("images", [4, 6]);
  const limit = graph.weight("limit", new Float32Array(6), [6]);
  const shown = where(graph, greater(graph, images, limit), { then: images, otherwise: graph.scalar(0) });
  const weight = graph.weight("weight", new Float32Array(18).fill(0.1), [3, 6]);
  const bias = graph.weight("bias", new Float32Array(3), [3]);
  graph.output("logits", add(graph, linear(graph, shown, { weight, bias }), bias));
  return { model: graph.toModel("deciding"), image: [6], classes: 3, space: [] };
}
