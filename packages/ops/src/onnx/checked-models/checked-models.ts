import { buildVitGraph } from "../../backbones/vit-graph.ts";
import { buildLinearTrainingGraph } from "../../heads/linear/linear-training-graph.ts";
import { randomOf } from "../differentiate/gradient-testing/random.ts";
import { createGraphBuilder } from "../graph-builder.ts";
import { addRandomNodes } from "../import/import-testing/random-graph.ts";
import { floats, seedOf } from "../import/import-testing/values.ts";
import type { OnnxModel } from "../onnx-model.ts";
import { networkGraph, networkGraphs } from "../../runtime/device-testing/network-graphs.ts";
import { networkModels, type ExportedNetworks } from "./network-models.ts";

/** Models that stand for all that we write, tiny ones, by name. The same calls make the same bytes. */
export function makeCheckedModels(networks: ExportedNetworks): ReadonlyMap<string, OnnxModel> {
  return new Map([
    ["vision transformer", visionTransformer()],
    ["linear heads", linearHeads("softmax")],
    ["linear heads of labels", linearHeads("sigmoid")],
    ["operators on images", operators([2, 3, 4, 4], "images")],
    ["operators on rows", operators([3, 5], "rows")],
    ...networkModels(networks),
    ...Object.keys(networkGraphs).map((name) => [`backbone ${name}`, backbone(name)] as const),
  ]);
}

/** Of any number of images, as all of them are that are computed on a device. */
function backbone(name: string): OnnxModel {
  return networkGraph(name, (weight, shape) => Float32Array.from(floats(shape, weight).values));
}

/** Of any number of images. */
function visionTransformer(): OnnxModel {
  const sizes = { imageSize: 8, patchSize: 4, width: 8, depth: 2, heads: 2, mlpRatio: 2 };
  return buildVitGraph(sizes, (name, shape) => Float32Array.from(floats(shape, name).values));
}

function linearHeads(loss: "softmax" | "sigmoid"): OnnxModel {
  const [inputs, outputs, columns] = [6, 3, 32];
  const isStandardised = loss === "softmax";
  const { model } = buildLinearTrainingGraph({
    layout: { inputs, outputs, columns, headsPerBlock: 10, hasWeightDecay: !isStandardised, blocks: [] },
    examples: {
      rows: 0,
      values: new Float32Array(),
      rowWidth: isStandardised ? inputs : 9,
      columns: [
        { start: 1, length: 2 },
        { start: 4, length: 4 },
      ],
      mean: new Float32Array(inputs),
      deviation: new Float32Array(inputs),
      loss,
      outputs,
      targets: new Int32Array(),
      isStandardised,
    },
    batchSize: 4,
    momentum: 0.9,
  });
  return model;
}

/** Operators of all kinds, one after the other, each tensor an output. */
function operators(shape: readonly number[], name: string): OnnxModel {
  const graph = createGraphBuilder();
  const random = randomOf(seedOf(name));
  const steps = Array.from({ length: 120 }, () => Array.from({ length: 8 }, () => random.integer(0, 1e6)));
  addRandomNodes(graph, [graph.input("x", shape)], steps).forEach((tensor, place) =>
    graph.output(`output ${place}`, tensor),
  );
  return graph.toModel(name);
}
