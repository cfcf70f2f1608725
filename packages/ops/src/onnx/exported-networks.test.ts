import { describe, expect, it } from "vitest";
import { networkBatch } from "../../../../tests/ops/reference/network-batch.ts";
import {
  readNetworkGraph,
  readNetworks,
  type NetworkFixture,
} from "../../../../tests/ops/reference/network-fixture.ts";
import { openSession } from "../runtime/session.ts";
import { numberOf, readModel } from "./read-model.ts";
import { writeModel } from "./write-model.ts";

const networks = readNetworks();
const exports = networks.flatMap((network) => Object.keys(network.graphs).map((exporter) => ({ network, exporter })));

describe.each(exports)("$network.name as $exporter exports it", ({ network, exporter }) => {
  const exported = network.graphs[exporter]!;

  it("has the operators that are listed", async () => {
    const { graph, opsetImport } = await readNetworkGraph(network, exporter, readModel);
    const operators = new Map<string, number>();
    for (const { opType = "" } of graph.node ?? []) operators.set(opType, (operators.get(opType) ?? 0) + 1);
    expect(Object.fromEntries(operators)).toEqual(exported.operators);
    expect(opsetImport?.map(({ version }) => numberOf(version))).toEqual([exported.opset]);
  });

  it("gives PyTorch's logits", async () => {
    const model = await writeModel(await readNetworkGraph(network, exporter, readModel));
    const session = await openSession({ model: { data: model, name: null }, threads: 1 });
    const found = await session.run({ images: networkBatch(network, 0).images }, ["logits"]);
    await session.close();

    const expected = exported.isTraining ? network.logits : (network.frozenLogits ?? network.logits);
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(worstDifference(found.get("logits")!.data, expected)).toBeLessThan(1e-5 * largest);
  });
});

describe.each(networks)("$name", (network) => {
  it("keeps each parameter and moment under its own name where nothing is folded", () => {
    const all = Object.keys({ ...network.parameters, ...network.moments }).sort();
    for (const exporter of ["torchscript", "dynamo"]) {
      const sources = Object.entries(network.graphs[exporter]!.initializers);
      expect(sources.map(([name]) => name).sort()).toEqual(all);
      expect(sources.filter(([name, { parameter, transposed }]) => name !== parameter || transposed)).toEqual([]);
    }
  });

  it("has the labels that PyTorch's first loss is of", () => {
    expect(Math.abs(lossOf(network) - network.losses["0"]!)).toBeLessThan(1e-6);
  });
});

function worstDifference(found: Float32Array, expected: Float32Array): number {
  expect(found.length).toBe(expected.length);
  return expected.reduce((most, value, index) => Math.max(most, Math.abs(value - found[index]!)), 0);
}

/** Of the first batch, from the losses' own definitions. */
function lossOf(network: NetworkFixture): number {
  const { batchSize, classes, logits } = network;
  const labels = networkBatch(network, 0).labels.data;
  const pixels = labels.length / batchSize;
  const probability = (example: number, label: number, pixel: number): number => {
    const exponentials = Array.from({ length: classes }, (_, k) =>
      Math.exp(logits[(example * classes + k) * pixels + pixel]!),
    );
    return exponentials[label]! / sum(exponentials);
  };
  const crossEntropy =
    -sum(labels, (label, place) => Math.log(probability(Math.floor(place / pixels), label, place % pixels))) /
    labels.length;
  if (network.loss === "cross-entropy") return crossEntropy;

  const planes = Array.from({ length: batchSize * classes }, (_, plane) => {
    const [example, label] = [Math.floor(plane / classes), plane % classes];
    const guesses = Array.from({ length: pixels }, (_, pixel) => probability(example, label, pixel));
    const truths = guesses.map((_, pixel) => (labels[example * pixels + pixel] === label ? 1 : 0));
    const overlap = sum(guesses, (guess, pixel) => guess * truths[pixel]!);
    return 1 - (2 * overlap + 1e-5) / (sum(guesses) + sum(truths) + 1e-5);
  });
  return crossEntropy + sum(planes) / planes.length;
}

function sum(values: ArrayLike<number>, of: (value: number, place: number) => number = (value) => value): number {
  return Array.from(values, of).reduce((total, value) => total + value, 0);
}
