import { describe, expect, it } from "vitest";
import { networkBatch } from "../../../../tests/ops/reference/network-batch.ts";
import {
  initialValues,
  readNetworkGraph,
  readNetworks,
  type NamedValues,
  type NetworkFixture,
} from "../../../../tests/ops/reference/network-fixture.ts";
import { createGraphBuilder } from "../onnx/graph-builder.ts";
import { pullBack } from "../onnx/differentiate/differentiate.ts";
import { crossEntropyLoss } from "../onnx/losses/cross-entropy-loss.ts";
import { diceCrossEntropyLoss } from "../onnx/losses/dice-cross-entropy-loss.ts";
import { divide } from "../onnx/operators/arithmetic.ts";
import { adamW } from "../onnx/optimisers/adam-w.ts";
import type { Optimiser } from "../onnx/optimisers/optimiser.ts";
import { sgd } from "../onnx/optimisers/sgd.ts";
import { readModel } from "../onnx/read-model.ts";
import { countsInput, describeModelTraining, truthInput, type ModelTraining } from "../onnx/training/model-training.ts";
import { buildNetworkTraining } from "../onnx/training/network-training.ts";
import { writeModel } from "../onnx/write-model.ts";
import { openSession, type TensorValue, type TensorValues } from "../runtime/session.ts";
import { openNetworkTrainer } from "./network-trainer.ts";

const networks = readNetworks();
/** All exports in which every parameter of PyTorch's is a weight of its own, transposed or not. */
const exports = networks.flatMap((network) =>
  Object.entries(network.graphs)
    .filter(([, { initializers }]) => {
      const named = new Set(Object.values(initializers).map(({ parameter }) => parameter));
      return Object.keys(network.parameters).every((name) => named.has(name));
    })
    .map(([exporter]) => ({ network, exporter })),
);

it("covers every network in at least two exports", () => {
  const counts = networks.map(({ name }) => exports.filter(({ network }) => network.name === name).length);
  expect(counts.every((count) => count >= 2)).toBe(true);
});

describe.each(exports)("$network.name as $exporter exports it", ({ network, exporter }) => {
  it("has PyTorch's gradients", async () => {
    const found = await firstGradients(await prepare(network, exporter));
    const expected = inFile(network, exporter, network.gradient);
    const largest = Math.max(...[...expected.values()].flatMap((values) => [...values].map(Math.abs)));
    for (const [name, values] of expected) {
      const worst = values.reduce((most, value, at) => Math.max(most, Math.abs(value - found.get(name)![at]!)), 0);
      expect(worst, name).toBeLessThan(1e-5 * largest);
    }
  });

  it("is after 100 steps as near to PyTorch in float64 as PyTorch in float32, twice over", async () => {
    const { losses, values } = await train(await prepare(network, exporter));
    for (const [step, loss] of Object.entries(network.losses)) expect(losses[Number(step)]).toBeCloseTo(loss, 3);
    const expected = inFile(network, exporter, network.final);
    expect(distance(expected, values)).toBeLessThan(2 * network.float32Distance);
    if (network.finalMoments === null) return;
    for (const [name, moments] of network.finalMoments) {
      moments.forEach((moment, at) => {
        expect(Math.abs(values(name)[at]! - moment)).toBeLessThan(1e-4 * Math.max(1, Math.abs(moment)));
      });
    }
  });
});

/** A network as an exporter wrote it, ready to be trained. */
interface Prepared {
  readonly network: NetworkFixture;
  readonly training: ModelTraining;
  /** By the file's names. */
  readonly start: NamedValues;
}

async function prepare(network: NetworkFixture, exporter: string): Promise<Prepared> {
  const { batchSize, loss, image, optimiser, batchNorm, moments } = network;
  const isDense = loss === "dice-cross-entropy";
  const training = describeModelTraining({
    model: await readNetworkGraph(network, exporter, readModel),
    file: network.name,
    images: [{ name: "images", shape: [batchSize, ...image] }],
    features: "logits",
    top: null,
    loss: isDense ? diceCrossEntropyLoss({ activation: "softmax" }) : crossEntropyLoss(),
    truth: { shape: isDense ? [batchSize, ...image.slice(1)] : [batchSize], type: "int32" },
    choice: { train: ["*"] },
    batchNorms: batchNorm === "training" ? "batch" : "frozen",
    weightDecay: optimiser.weightDecay,
    optimiser: optimiserOf(network),
  });
  const initial = Object.entries({ ...network.parameters, ...moments }).map(
    ([name, shape]) => [name, initialValues(name, shape)] as const,
  );
  return { network, training, start: inFile(network, exporter, new Map(initial)) };
}

function optimiserOf({ optimiser }: NetworkFixture): Optimiser {
  if (optimiser.name === "sgd") return sgd({ momentum: optimiser.momentum });
  const [beta1, beta2] = optimiser.betas;
  return adamW({ beta1, beta2, epsilon: optimiser.epsilon });
}

/** PyTorch's tensors as the file keeps them: by its names, and transposed where it has them so. */
function inFile({ graphs, parameters, moments }: NetworkFixture, exporter: string, values: NamedValues): NamedValues {
  const shapes = { ...parameters, ...moments };
  const sources = Object.entries(graphs[exporter]!.initializers).filter(([, { parameter }]) => values.has(parameter));
  return new Map(
    sources.map(([name, { parameter, transposed }]) => {
      const own = values.get(parameter)!;
      return [name, transposed ? turned(own, shapes[parameter]!) : own] as const;
    }),
  );
}

function turned(values: Float32Array, [rows = 1, columns = 1]: readonly number[]): Float32Array {
  return values.map((_, at) => values[(at % rows) * columns + Math.floor(at / rows)]!);
}

/** A batch as inputs of one step. */
function inputsOf(network: NetworkFixture, index: number): Readonly<Record<string, TensorValue>> {
  const { images, labels } = networkBatch(network, index);
  const dims = labels.dims.filter((_, axis) => axis !== 1);
  return {
    images,
    [truthInput]: { data: labels.data, dims },
    [countsInput]: { data: new Float32Array(network.batchSize).fill(1), dims: [network.batchSize] },
  };
}

async function firstGradients({ network, training: { spec, weights }, start }: Prepared): Promise<NamedValues> {
  const graph = createGraphBuilder();
  const specs = [...spec.parameters, ...spec.buffers, ...spec.batchInputs];
  const tensors = new Map(
    specs.map((each) => [each.name, graph.input(each.name, each.shape, "type" in each ? each.type : "float32")]),
  );
  const { sum, weight } = spec.forward(graph, (name) => tensors.get(name)!).loss;
  const seed = divide(graph, graph.scalar(1), weight);
  const names = spec.parameters.map(({ name }) => name);
  pullBack(
    graph,
    { tensor: sum, gradient: seed },
    names.map((name) => tensors.get(name)!),
  ).forEach((gradient, place) => graph.output(`gradient:${names[place]!}`, gradient!));

  const model = { data: await writeModel(graph.toModel("step")), name: null };
  const session = await openSession({ model, use: "network" });
  const state = weights.map(({ name, shape }) => [name, { data: start.get(name)!, dims: shape }] as const);
  const feeds: TensorValues = { ...inputsOf(network, 0), ...Object.fromEntries(state) };
  const results = await session.run(
    Object.fromEntries(session.inputs.map(({ name }) => [name, feeds[name]!])),
    names.map((name) => `gradient:${name}`),
  );
  await session.close();
  return new Map(names.map((name) => [name, results.get(`gradient:${name}`)!.data]));
}

async function train({ network, training: { spec }, start }: Prepared) {
  const trainer = await openNetworkTrainer({
    training: buildNetworkTraining(spec),
    optimiser: spec.optimiser,
    rateAt: () => network.optimiser.rate,
    start,
    threads: 1,
  });
  const losses: number[] = [];
  for (let step = 0; step < network.steps; step += 1) {
    const inputs = Object.entries(inputsOf(network, step % network.batches)).map(
      ([name, { data, dims }]) => [name, { data, dims: [1, ...dims] }] as const,
    );
    losses.push(...(await trainer.run(1, Object.fromEntries(inputs))).losses);
  }
  await trainer.close();
  return { losses, values: (name: string) => trainer.values(name) };
}

function distance(expected: NamedValues, values: (name: string) => Float32Array): number {
  let sum = 0;
  for (const [name, own] of expected) own.forEach((value, at) => (sum += (value - values(name)[at]!) ** 2));
  return Math.sqrt(sum);
}
