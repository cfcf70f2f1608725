import { expect, it } from "vitest";
import { OpError } from "../../op-error.ts";
import { openSession } from "../../runtime/session.ts";
import { createGraphBuilder, type GraphBuilder, type GraphTensor } from "../graph-builder.ts";
import { add, multiply } from "../operators/arithmetic.ts";
import { cast } from "../operators/conversions.ts";
import { convolution } from "../operators/convolution.ts";
import { gather } from "../operators/indexing.ts";
import { reshape } from "../operators/layout.ts";
import { matMul } from "../operators/products.ts";
import { mean, sum } from "../operators/reductions.ts";
import { geluByTanh, softmax } from "../operators/activations.ts";
import { freeDimension, type Dimension } from "../shapes.ts";
import { writeModel } from "../write-model.ts";
import { differentiate } from "./differentiate.ts";

async function run(graph: GraphBuilder, inputs: Readonly<Record<string, readonly [number[], readonly number[]]>>) {
  const session = await openSession({ model: { data: await writeModel(graph.toModel("test")), name: null } });
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, [values, dims]]) => [name, { data: Float32Array.from(values), dims }] as const),
  );
  const results = await session.run(
    feeds,
    session.outputs.map(({ name }) => name),
  );
  await session.close();
  return Object.fromEntries([...results].map(([name, { data }]) => [name, [...data]]));
}

it("adds up what reaches a tensor by several ways", async () => {
  const graph = createGraphBuilder();
  const x = graph.input("x", [3]);
  const square = multiply(graph, x, x);
  const [gradient] = differentiate(graph, add(graph, multiply(graph, square, x), square), [x]);
  graph.output("g", gradient!);
  // d(x³ + x²)/dx = 3x² + 2x
  expect(await run(graph, { x: [[1, 2, -3], [3]] })).toEqual({ g: [5, 16, 21] });
});

it("gives gradients of inner tensors, and null where the loss does not depend on one", async () => {
  const graph = createGraphBuilder();
  const [x, y] = [graph.input("x", [2]), graph.input("y", [2])];
  const inner = multiply(graph, x, graph.scalar(3));
  const [ofInner, ofX, ofY] = differentiate(graph, sum(graph, multiply(graph, inner, inner), [0]), [inner, x, y]);
  expect(ofY).toBeNull();
  graph.output("of inner", ofInner!);
  graph.output("of x", ofX!);
  expect(await run(graph, { x: [[1, 2], [2]], y: [[0, 0], [2]] })).toEqual({
    "of inner": [6, 12],
    "of x": [18, 36],
  });
});

it("differentiates past a batch whose size is known only when the graph runs", async () => {
  const graph = createGraphBuilder();
  const x = graph.input("x", [freeDimension("batch"), 2, 2]);
  const w = graph.input("w", [2, 1]);
  const y = matMul(graph, x, w);
  const flat = reshape(graph, multiply(graph, y, y), [freeDimension("batch"), 2]);
  const [ofX, ofW] = differentiate(graph, mean(graph, sum(graph, flat, [1]), 0), [x, w]);
  graph.output("gx", ofX!);
  graph.output("gw", ofW!);
  const results = await run(graph, {
    x: [
      [1, 0, 0, 1, 1, 1, 2, 0],
      [2, 2, 2],
    ],
    w: [
      [1, 2],
      [2, 1],
    ],
  });
  // y = 1, 2, 3, 2 and a mean over two: each row's gradient is y · w, and w's is Σ y · row.
  expect(results).toEqual({ gx: [1, 2, 2, 4, 3, 6, 2, 4], gw: [1 + 3 + 4, 2 + 3] });
});

it("differentiates a convolution over a batch of such a size as over one that is known", async () => {
  const gradients = async (batch: Dimension): Promise<unknown> => {
    const graph = createGraphBuilder();
    const x = graph.input("x", [batch, 2, 4, 4]);
    const w = graph.input("w", [2, 2, 3, 3]);
    const y = convolution(graph, x, { weight: w, steps: [{ before: 1, after: 1 }] });
    const [ofX, ofW] = differentiate(graph, multiply(graph, y, y), [x, w]);
    graph.output("gx", ofX!);
    graph.output("gw", ofW!);
    // Whole numbers, so that no order of sums changes a bit.
    const values = (count: number): number[] => Array.from({ length: count }, (_, at) => ((at * 7) % 5) - 2);
    return run(graph, { x: [values(96), [3, 2, 4, 4]], w: [values(36), [2, 2, 3, 3]] });
  };
  expect(await gradients(freeDimension("batch"))).toEqual(await gradients(3));
});

it("leaves operators alone that no trainable passes through, and ends at whole numbers", async () => {
  const graph = createGraphBuilder();
  const [x, w] = [graph.input("x", [2]), graph.input("w", [2])];
  const rounded = graph.node({ operator: "Round", inputs: [x], shape: [2] });
  const chosen = gather(graph, w, { indices: cast(graph, w, "int64"), axis: 0 });
  const [ofW] = differentiate(graph, multiply(graph, rounded, chosen), [w]);
  graph.output("g", ofW!);
  // Both indices are 1, so that w[1] alone is read, twice.
  expect(await run(graph, { x: [[2.2, 3.1], [2]], w: [[1, 1], [2]] })).toEqual({ g: [0, 5] });
});

it("refuses an operator without a rule by node and operator, and says what to do", () => {
  const graph = createGraphBuilder();
  const x: GraphTensor = graph.input("x", [2]);
  const rounded = graph.node({ operator: "Round", inputs: [softmax(graph, x)], shape: [2] });
  const refusal = (): unknown => differentiate(graph, sum(graph, rounded, [0]), [x]);
  expect(refusal).toThrow(OpError);
  expect(refusal).toThrow('The node "Round:1" (operator Round) lies between what is trained and the loss');
});

it("refuses forms that are never taken over from a file, by node and with a reason", () => {
  const graph = createGraphBuilder();
  const [x, matrix] = [graph.input("x", [3]), graph.input("matrix", [2, 3])];
  const largest = graph.node({ operator: "Max", inputs: [x, x, x], shape: [3] });
  expect(() => differentiate(graph, largest, [x])).toThrow(/"Max:0".*known for two tensors, not for 3/);
  const product = graph.node({ operator: "MatMul", inputs: [matrix, x], shape: [2] });
  expect(() => differentiate(graph, product, [x])).toThrow(/"MatMul:\d+".*known for matrices alone/);
  const attributes = { equation: { string: "...i,i->..." } };
  const sums = graph.node({ operator: "Einsum", inputs: [matrix, x], attributes, shape: [2] });
  expect(() => differentiate(graph, sums, [x])).toThrow(OpError);
  const scattered = graph.node({
    operator: "ScatterElements",
    inputs: [x, graph.integers([0]), graph.floats([2])],
    attributes: { reduction: { string: "mul" } },
    shape: [3],
  });
  expect(() => differentiate(graph, scattered, [x])).toThrow('not for "mul"');
});

it("has a slope of 0 or 1 for GELU by tanh far out, in float16 too", async () => {
  const graph = createGraphBuilder();
  const x = graph.input("x", [4]);
  const [gradient] = differentiate(graph, geluByTanh(graph, cast(graph, x, "float16")), [x]);
  graph.output("g", gradient!);
  expect(await run(graph, { x: [[-6e4, -300, 300, 6e4], [4]] })).toEqual({ g: [0, 0, 1, 1] });
});
