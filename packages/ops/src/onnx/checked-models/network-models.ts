import { pullBack } from "../differentiate/differentiate.ts";
import { createGraphBuilder } from "../graph-builder.ts";
import { applyModel } from "../import/apply-model.ts";
import { crossEntropyLoss } from "../losses/cross-entropy-loss.ts";
import { diceCrossEntropyLoss } from "../losses/dice-cross-entropy-loss.ts";
import type { OnnxModel } from "../onnx-model.ts";
import { divide } from "../operators/arithmetic.ts";
import { adamW } from "../optimisers/adam-w.ts";
import { sgd } from "../optimisers/sgd.ts";
import { describeModelTraining, type ModelTrainingOptions } from "../training/model-training.ts";
import type { NetworkTrainingSpec } from "../training/network-training-spec.ts";
import { buildNetworkTraining } from "../training/network-training.ts";

type Choices = Pick<ModelTrainingOptions, "keptActivations" | "largestNorm" | "lowRank" | "parts" | "repeat">;

/** A tiny network as an exporter wrote it. */
export interface ExportedNetwork {
  readonly name: string;
  readonly model: OnnxModel;
  /** Channels, height, width. */
  readonly image: readonly number[];
  /** Whether it labels each pixel. */
  readonly isDense: boolean;
  /** Whether batch norms take the batch's own moments. */
  readonly movesMoments: boolean;
}

/** Those that stand for the others. */
export type ExportedNetworks = Readonly<Record<"vit" | "clip" | "resnet" | "densenet" | "unet", ExportedNetwork>>;

/** Real networks as exporters write them: applied, differentiated and trained in every way that there is. */
export function networkModels({
  vit,
  clip,
  resnet,
  densenet,
  unet,
}: ExportedNetworks): readonly (readonly [name: string, model: OnnxModel])[] {
  const lowRank = { patterns: ["*"], rank: 2, alpha: 4 };
  return [
    ["vit, applied and fused", applied(vit)],
    ["clip vit, applied", applied(clip)],
    ["unet, applied", applied(unet)],
    ["densenet, differentiated", differentiated(specOf(densenet, {}))],
    ["vit, trained in a loop", trained(specOf(vit, { largestNorm: 1 }))],
    ["unet, trained in written steps", trained(specOf(unet, { repeat: 2 }))],
    ["resnet, trained in parts", trained(specOf(resnet, { parts: 2 }))],
    ["resnet, trained in written steps of parts", trained(specOf(resnet, { parts: 2, repeat: 1 }))],
    ["vit, worked out again", trained(specOf(vit, { keptActivations: 0.3 }))],
    ["clip vit, with low-rank pairs", trained(specOf(clip, { lowRank }))],
    ["vit, with a scaled loss", trained({ ...specOf(vit, {}), scalesLoss: true })],
  ];
}

const batchSize = 2;

function applied({ name, image, model }: ExportedNetwork): OnnxModel {
  const graph = createGraphBuilder();
  const inputs = { images: graph.input("images", [batchSize, ...image]) };
  graph.output("logits", applyModel(graph, model, { file: name, inputs, tensors: ["logits"] }).get("logits")!);
  return graph.toModel(name);
}

function specOf(network: ExportedNetwork, choices: Choices): NetworkTrainingSpec {
  const { name, model, image, isDense, movesMoments } = network;
  const { lowRank = null, ...others } = choices;
  return describeModelTraining({
    ...others,
    model,
    file: name,
    images: [{ name: "images", shape: [batchSize, ...image] }],
    features: "logits",
    top: null,
    loss: isDense ? diceCrossEntropyLoss({ activation: "softmax" }) : crossEntropyLoss(),
    truth: { shape: isDense ? [batchSize, ...image.slice(1)] : [batchSize], type: "int32" },
    choice: lowRank === null ? { train: ["*"] } : null,
    lowRank,
    batchNorms: movesMoments ? "batch" : "frozen",
    weightDecay: 0.01,
    optimiser: movesMoments ? sgd({ momentum: 0.9 }) : adamW({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }),
  }).spec;
}

/** The gradients of the loss of one batch. */
function differentiated(spec: NetworkTrainingSpec): OnnxModel {
  const graph = createGraphBuilder();
  const read = [...spec.parameters, ...spec.buffers, ...spec.batchInputs].map((each) => {
    return [each.name, graph.input(each.name, each.shape, "type" in each ? each.type : "float32")] as const;
  });
  const tensors = new Map(read);
  const { sum, weight } = spec.forward(graph, (name) => tensors.get(name)!).loss;
  const gradient = divide(graph, graph.scalar(1), weight);
  const moving = spec.parameters.map(({ name }) => tensors.get(name)!);
  pullBack(graph, { tensor: sum, gradient }, moving).forEach((each, place) =>
    graph.output(`gradient:${spec.parameters[place]!.name}`, each!),
  );
  return graph.toModel(spec.name);
}

function trained(spec: NetworkTrainingSpec): OnnxModel {
  return buildNetworkTraining(spec).model;
}
