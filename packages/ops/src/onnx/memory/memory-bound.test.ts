import { expect, it } from "vitest";
import { createGraphBuilder, type GraphBuilder, type GraphTensor } from "../graph-builder.ts";
import { crossEntropyLoss } from "../losses/cross-entropy-loss.ts";
import { relu } from "../operators/activations.ts";
import { add } from "../operators/arithmetic.ts";
import { reshape } from "../operators/layout.ts";
import { matMul } from "../operators/products.ts";
import { sgd } from "../optimisers/sgd.ts";
import { trainingMemory } from "../training/network-training.ts";
import type { NetworkTrainingSpec } from "../training/network-training-spec.ts";
import { executionOrder } from "./execution-order.ts";
import { memoryBound } from "./memory-bound.ts";

function use(graph: GraphBuilder, inputs: readonly GraphTensor[], outputs: readonly GraphTensor[]) {
  const { resident, results } = memoryBound({ nodes: executionOrder(graph.nodes, outputs), inputs, outputs });
  return { resident, results };
}

/** Of 10 x 10 floats. */
const square = 400;

it("counts inputs and constants all the time, and a chain of products two at a time", () => {
  const graph = createGraphBuilder();
  const x = graph.input("x", [10, 10]);
  const w = graph.weight("w", new Float32Array(100), [10, 10]);
  const end = matMul(graph, matMul(graph, matMul(graph, x, w), w), w);
  expect(use(graph, [x], [end])).toEqual({ resident: 2 * square, results: 2 * square });
});

it("lets a result take the place of an input that nothing reads any more, and of no other", () => {
  const graph = createGraphBuilder();
  const x = graph.input("x", [10, 10]);
  const product = matMul(graph, x, x);
  expect(use(graph, [x], [relu(graph, relu(graph, product))])).toEqual({ resident: square, results: square });
  const kept = createGraphBuilder();
  const y = kept.input("y", [10, 10]);
  const once = matMul(kept, y, y);
  const twice = relu(kept, once);
  expect(use(kept, [y], [add(kept, once, twice)])).toEqual({ resident: square, results: 2 * square });
});

it("gives a view no memory of its own, but keeps what it looks at", () => {
  const graph = createGraphBuilder();
  const x = graph.input("x", [10, 10]);
  const product = matMul(graph, x, x);
  const seen = reshape(graph, product, [5, 20]);
  const other = matMul(graph, x, x);
  const end = add(graph, reshape(graph, seen, [10, 10]), other);
  // Each reshape has two sizes, 64-bit integers.
  expect(use(graph, [x], [end])).toEqual({ resident: square + 2 * 16, results: 2 * square });
});

it("keeps what leaves the graph to the end", () => {
  const graph = createGraphBuilder();
  const x = graph.input("x", [10, 10]);
  const first = matMul(graph, x, x);
  const second = matMul(graph, first, x);
  expect(use(graph, [x], [first, second])).toEqual({ resident: square, results: 2 * square });
});

it("is smaller for a training that keeps fewer activations", () => {
  const layers = [0, 1, 2, 3, 4, 5, 6, 7];
  const spec = (keptActivations: number | null): NetworkTrainingSpec => ({
    name: "layers",
    parameters: layers.map((layer) => ({ name: `w${String(layer)}`, shape: [8, 8] })),
    buffers: [],
    inputs: [],
    batchInputs: [
      { name: "x", shape: [256, 8] },
      { name: "truth", shape: [256], type: "int32" },
      { name: "counts", shape: [256] },
    ],
    forward(graph, read) {
      const prediction = layers.reduce(
        (rows, layer) => relu(graph, matMul(graph, rows, read(`w${String(layer)}`))),
        read("x"),
      );
      const call = { prediction, truth: read("truth"), counts: read("counts") };
      return { loss: crossEntropyLoss()(graph, call), buffers: new Map() };
    },
    optimiser: sgd({ momentum: 0 }),
    keptActivations,
  });
  const [all, few] = [null, 0.4].map((share) => trainingMemory(spec(share)));
  // Products and activations of 8 layers, each of 256 x 8 floats.
  expect(all!.results).toBeGreaterThan(8 * 256 * 8 * 4);
  expect(few!.results).toBeLessThan(0.75 * all!.results);
  // A few constants more: bounds of slices.
  expect(few!.resident - all!.resident).toBeLessThan(100);
});
