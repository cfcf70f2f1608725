import { expect, it } from "vitest";
import {
  hashedImages,
  hashedNetworkWeights,
  keptPlace,
  readCnnReference,
  type Family,
  type OutputSummary,
  type SmallNetwork,
} from "../../../../../tests/ops/reference/cnn_backbones-fixture.ts";
import { createGraphBuilder, type GraphScope, type GraphTensor } from "../../onnx/graph-builder.ts";
import { freeDimension } from "../../onnx/shapes.ts";
import { writeModel } from "../../onnx/write-model.ts";
import { openSession, type FloatTensor, type Session } from "../../runtime/session.ts";
import { cnnNamings } from "../naming/cnn-namings.ts";
import type { NetworkWeights } from "../weights/network-weights.ts";
import type { AskedWeight } from "./asked-weights.ts";
import { buildDenseNet, type DenseNetSizes } from "./densenet.ts";
import { buildResNet, type ResNetSizes } from "./resnet.ts";
import { buildVgg, type VggSizes } from "./vgg.ts";

type Build = (graph: GraphScope, image: GraphTensor, weights: NetworkWeights, sizes: unknown) => object;

const builders: Readonly<Record<Family, Build>> = {
  resnet: (graph, image, weights, sizes) => buildResNet(graph, image, weights, sizes as ResNetSizes),
  vgg: (graph, image, weights, sizes) => buildVgg(graph, image, weights, sizes as VggSizes),
  densenet: (graph, image, weights, sizes) => buildDenseNet(graph, image, weights, sizes as DenseNetSizes),
};

const { networks } = readCnnReference();

/** float32 against float64, over the largest magnitude of the output. */
const tolerance = 1e-5;

it.each(networks)("gives the publisher's features of a small $name", async (network) => {
  for (const { image, outputs } of network.cases) {
    const session = await openSmallNetwork(network, image);
    const dims = [2, 3, ...image];
    const found = await session.run({ images: { data: hashedImages(image), dims } }, Object.keys(outputs));
    await session.close();
    for (const [name, expected] of Object.entries(outputs)) {
      const error = relativeError(found.get(name)!, expected);
      expect(error, `${name} of ${image.join(" x ")}`).toBeLessThan(tolerance);
    }
  }
});

it.each(networks.filter(({ name }) => ["resnet18", "vgg11", "densenet121"].includes(name)))(
  "gives $name's features of one image the same alone and beside another",
  async (network) => {
    const session = await openSmallNetwork(network, [64, 64]);
    const data = hashedImages([64, 64]);
    const both = await session.run({ images: { data, dims: [2, 3, 64, 64] } }, ["pooled"]);
    const second = { data: data.slice(data.length / 2), dims: [1, 3, 64, 64] };
    const alone = await session.run({ images: second }, ["pooled"]);
    await session.close();
    const [pair, single] = [both.get("pooled")!, alone.get("pooled")!];
    expect(single.dims).toEqual([1, pair.dims[1]]);
    for (const [place, value] of single.data.entries()) {
      expect(value).toBeCloseTo(pair.data[pair.data.length / 2 + place]!, 5);
    }
  },
);

async function openSmallNetwork(network: SmallNetwork, image: readonly [number, number]): Promise<Session> {
  const graph = createGraphBuilder();
  const images = graph.input("images", [freeDimension("batch"), 3, ...image]);
  const weights = hashedNetworkWeights(graph, network.gain, storedAs(network));
  const features = builders[network.family](graph, images, weights, network.sizes);
  for (const [name, tensor] of Object.entries(features)) graph.output(name, tensor as GraphTensor);
  const model = await writeModel(graph.toModel(network.name));
  return openSession({ model: { data: model, name: null }, threads: 1 });
}

/** Where a weight stands among its publisher's. */
function storedAs({ family, stored }: SmallNetwork): (asked: AskedWeight) => AskedWeight {
  if (stored === null) return (asked) => asked;
  const naming = cnnNamings[family].find(({ name }) => name === stored.naming)!;
  const byName = new Map([...stored.shapes].map(([name, shape]) => [naming.rename(name), { name, shape }]));
  return ({ name }) => byName.get(name)!;
}

/** The largest difference of the values that were kept, and of the largest and the mean magnitude, over the largest magnitude. */
function relativeError({ data, dims }: FloatTensor, expected: OutputSummary): number {
  expect(dims).toEqual(expected.shape);
  const magnitudes = data.map(Math.abs);
  const mean = magnitudes.reduce((sum, value) => sum + value, 0) / data.length;
  const largest = magnitudes.reduce((most, value) => Math.max(most, value), 0);
  const differences = [
    ...expected.values.map((value, number) => value - data[keptPlace(number, data.length)]!),
    expected.largest - largest,
    expected.mean - mean,
  ];
  return differences.reduce((worst, difference) => Math.max(worst, Math.abs(difference)), 0) / expected.largest;
}
