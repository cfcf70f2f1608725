import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { readCnnReference, tensorLine } from "../../../../../tests/ops/reference/cnn_backbones-fixture.ts";
import { createGraphBuilder, type GraphScope, type GraphTensor } from "../../onnx/graph-builder.ts";
import { freeDimension } from "../../onnx/shapes.ts";
import { countParameters, weightsAskedBy } from "./asked-weights.ts";
import { publishedCnns } from "./published-cnns.ts";
import { buildVgg, vggs } from "./vgg.ts";

const { published } = readCnnReference();

it("knows every published size", () => {
  expect([...publishedCnns.keys()]).toEqual(published.map(({ name }) => name));
});

it.each(published)("asks for what torchvision's $name has, its classifier apart", (network) => {
  const { build } = publishedCnns.get(network.name)!;
  const asked = weightsAskedBy((graph, weights) => build(graph, imageOf(graph), weights));
  const lines = asked.map(({ name, shape }) => tensorLine(name, shape)).sort();
  expect(lines).toHaveLength(network.tensors);
  expect(createHash("sha256").update(lines.join("\n")).digest("hex")).toBe(network.sha256);
  expect(countParameters(asked)).toBe(network.parameters);
});

it("leaves a VGG's dense layers out where its weights have none", () => {
  const graph = createGraphBuilder();
  const asked: string[] = [];
  const { fc7, pooled } = buildVgg(
    graph,
    imageOf(graph),
    {
      get(name, shape) {
        asked.push(name);
        return { name, type: "float32", shape };
      },
      has: (name) => !name.startsWith("classifier"),
      shapeOf: () => null,
    },
    vggs.vgg16,
  );
  expect(fc7).toBeNull();
  expect(pooled.shape).toEqual([freeDimension("batch"), 512]);
  expect(asked.filter((name) => name.startsWith("classifier"))).toEqual([]);
});

function imageOf(graph: GraphScope): GraphTensor {
  return graph.input("images", [freeDimension("batch"), 3, 224, 224]);
}
