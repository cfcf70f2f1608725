import { describe, expect, it } from "vitest";
import { bytesOfValues, roundToType, valuesOfBytes } from "../element-values.ts";
import { createGraphBuilder, type GraphNode } from "../graph-builder.ts";
import type { Loss } from "../losses/loss.ts";
import { crossEntropyLoss } from "../losses/cross-entropy-loss.ts";
import { elementTypes, type OnnxTensor, type ValueInfo } from "../onnx-model.ts";
import { add, multiply } from "../operators/arithmetic.ts";
import { clip } from "../operators/choices.ts";
import { cast } from "../operators/conversions.ts";
import { layerNormalization } from "../operators/normalisation.ts";
import { resize } from "../operators/resizing.ts";
import { adamW } from "../optimisers/adam-w.ts";
import { sgd } from "../optimisers/sgd.ts";
import { lossScaleNames } from "../training/loss-scaling.ts";
import {
  smallConvolution,
  smallTransformer,
  smallUNet,
  type SmallModel,
} from "../training/training-testing/small-models.ts";
import {
  drawBatches,
  openSmallTraining,
  stateOf,
  type SmallTraining,
} from "../training/training-testing/small-training.ts";
import { inPrecision } from "./half-precision.ts";

describe("inPrecision", () => {
  const graph = createGraphBuilder();
  const [images, weight] = [graph.input("images", [2, 4]), graph.input("weight", [4])];
  const least = graph.scalar(-3e38);
  const clipped = clip(graph, images, { least, most: graph.scalar(0.1) });
  const normalised = layerNormalization(graph, clipped, { weight, bias: weight, epsilon: 1e-6 });
  const double = cast(graph, multiply(graph, normalised, weight), "float64");
  const isOn = cast(graph, graph.input("mask", [2, 4], "bool"), "float64");
  const size = { sizes: [4, 4], mode: "nearest", coordinates: "asymmetric" } as const;
  const scales = [null, graph.floats([1, 2])];
  const product = cast(graph, multiply(graph, double, isOn), "float32");
  const scaled = graph.node({ operator: "Resize", inputs: [product, ...scales], attributes: {}, shape: [2, 8] });
  const result = resize(graph, scaled, size);
  const aside = add(graph, normalised, normalised);
  const before = graph.nodes.length;
  const of = inPrecision(graph, { nodes: graph.nodes.slice(), result, precision: "float16" });
  const added = graph.nodes.slice(before);
  const find = (operator: string): readonly GraphNode[] => added.filter((node) => node.operator === operator);

  it("computes in float16, but for normalisations and what the result does not depend on", () => {
    expect(of(result)).toMatchObject({ type: "float16", shape: [4, 4] });
    expect(find("Mul").map(({ outputs }) => outputs[0]!.type)).toEqual(["float16", "float16"]);
    expect(find("Clip")[0]!.inputs.map((input) => input!.type)).toEqual(["float16", "float16", "float16"]);
    expect(find("LayerNormalization")[0]!.inputs.map((input) => input!.type)).toEqual([
      "float32",
      "float32",
      "float32",
    ]);
    expect(of(aside).type).toBe("float32");
    expect(find("Resize").map(({ inputs }) => inputs.map((input) => input?.type))).toEqual([
      ["float16", undefined, "float32"],
      ["float16", undefined, undefined, "int64"],
    ]);
  });

  it("rounds each tensor once, and leaves out what only went to another precision and back", () => {
    // Images, the clipped to its normalisation and that back, the weight for its product, the mask.
    expect(find("Cast").map(({ outputs }) => outputs[0]!.type)).toEqual([
      "float16",
      "float32",
      "float16",
      "float16",
      "float16",
    ]);
    expect(find("Cast").at(-1)).toMatchObject({ inputs: [{ name: "mask" }], attributes: { to: { int: 10 } } });
  });

  it("keeps bounds finite, and constants nearest to what they are", () => {
    const bounds = find("Clip")[0]!
      .inputs.slice(1)
      .map((input) => graph.floatsOf(input!)![0]);
    expect(bounds).toEqual([-65504, roundToType(0.1, "float16")]);
  });

  it("adds nothing where all is as it is asked for", () => {
    const plain = createGraphBuilder();
    const sum = add(plain, plain.input("a", [2]), plain.input("b", [2]));
    expect(inPrecision(plain, { nodes: plain.nodes, result: sum, precision: "float32" })(sum)).toBe(sum);
    expect(plain.nodes).toHaveLength(1);
  });
});

async function lossesOf(training: SmallTraining): Promise<readonly number[]> {
  const trainer = await openSmallTraining(training);
  const { losses } = await trainer.run(20, drawBatches(20, training));
  await trainer.close();
  return losses;
}

describe("training in float16", () => {
  const transformer: SmallTraining = { network: smallTransformer(), batch: 4, optimiser: adamW(), rateAt: () => 3e-3 };

  it.each<[string, SmallTraining]>([
    ["attention", transformer],
    ["attention, parts of it", { ...transformer, parts: 2, keptActivations: 0.4, largestNorm: 1 }],
    ["low-rank pairs", { ...transformer, choice: null, lowRank: { patterns: ["*"], rank: 2, alpha: 2 } }],
    ["a network with skip connections", { network: smallUNet(2), batch: 2, batchNorms: "batch" }],
    ["frozen norms", { network: smallUNet(2), batch: 2, choice: { train: ["*conv*"] } }],
  ])("follows float32 by a few thousandths: %s", async (_, training) => {
    const half = await lossesOf({ ...training, precision: "float16" });
    const single = await lossesOf(training);
    expect(half).not.toEqual(single);
    half.forEach((loss, step) => expect(Math.abs(loss / single[step]! - 1)).toBeLessThan(5e-3));
  });

  it("keeps weights, moments and losses in float32, and scales the loss", async () => {
    const training: SmallTraining = {
      network: smallConvolution(),
      batch: 4,
      batchNorms: "batch",
      precision: "float16",
    };
    const trainer = await openSmallTraining(training);
    await trainer.run(2, drawBatches(2, training));
    for (const name of ["conv.weight", "norm.bias", "norm.running_mean", "norm.running_var"]) {
      const values = [...trainer.values(name)];
      expect(
        values.some((value) => value !== roundToType(value, "float16")),
        name,
      ).toBe(true);
    }
    expect(stateOf(trainer)[lossScaleNames.scale]).toEqual([65536]);
    await trainer.close();
  });

  it("moves weights whose gradients float16 alone would have as zero", async () => {
    const moved = async (options: Partial<SmallTraining>): Promise<Float32Array> => {
      const tiny: Loss = (graph, call) => {
        const { sum, weight } = crossEntropyLoss()(graph, call);
        return { sum: multiply(graph, sum, graph.scalar(1e-8)), weight };
      };
      const training = { ...transformer, loss: tiny, optimiser: sgd({ momentum: 0 }), rateAt: () => 1e8, ...options };
      const still = await openSmallTraining(training);
      const trainer = await openSmallTraining(training);
      await trainer.run(1, drawBatches(1, training));
      const start = still.values("blocks.0.attn.qkv.weight");
      const change = trainer.values("blocks.0.attn.qkv.weight").map((value, at) => value - start[at]!);
      await Promise.all([still.close(), trainer.close()]);
      return change;
    };
    const [single, scaled, plain] = await Promise.all([
      moved({ precision: "float32" }),
      moved({ precision: "float16" }),
      moved({ precision: "float16", scalesLoss: false }),
    ]);
    const largest = Math.max(...single.map(Math.abs));
    expect(largest).toBeGreaterThan(0.01);
    scaled.forEach((value, at) => expect(Math.abs(value - single[at]!)).toBeLessThan(0.02 * largest));
    expect(plain.every((value) => value === 0)).toBe(true);
  });
});

describe("a file in float16", () => {
  const rounded = (network: SmallModel, type: "float16" | "float32"): SmallModel => {
    const { graph } = network.model;
    const round = (tensor: OnnxTensor): OnnxTensor => {
      if (tensor.dataType !== elementTypes.float32) return tensor;
      const values = valuesOfBytes(tensor.rawData!, "float32").map((value) => roundToType(value, "float16"));
      return { ...tensor, dataType: elementTypes[type], rawData: bytesOfValues(values, type) };
    };
    const retype = ({ name, type: before }: ValueInfo): ValueInfo => {
      return { name: name ?? "", type: { tensorType: { ...before?.tensorType, elemType: elementTypes[type] } } };
    };
    const { input = [], output = [], initializer = [] } = graph;
    const ofType = { input: input.map(retype), output: output.map(retype), initializer: initializer.map(round) };
    return { ...network, model: { ...network.model, graph: { ...graph, ...ofType } } };
  };

  it.each<[string, SmallTraining]>([
    ["attention", { network: smallTransformer(), batch: 4 }],
    ["a part of the weights", { network: smallTransformer(), batch: 4, choice: { train: ["*.bias"] } }],
    [
      "low-rank pairs",
      { network: smallTransformer(), batch: 4, choice: null, lowRank: { patterns: ["*.fc1*"], rank: 2, alpha: 1 } },
    ],
    ["running moments", { network: smallConvolution(), batch: 4, batchNorms: "batch" }],
  ])("trains in float32 to the bits of one in float32 with the same weights: %s", async (_, training) => {
    const options = { ...training, rateAt: () => 0.01 };
    const single = await lossesOf({ ...options, network: rounded(training.network, "float32") });
    expect(await lossesOf({ ...options, network: rounded(training.network, "float16") })).toEqual(single);
    const half = await lossesOf({ ...options, network: rounded(training.network, "float16"), precision: "float16" });
    half.forEach((loss, step) => expect(Math.abs(loss / single[step]! - 1)).toBeLessThan(5e-3));
  });
});
