import { describe, expect, it } from "vitest";
import { openSession, type FloatTensor } from "../../runtime/session.ts";
import { createGraphBuilder, type GraphBuilder, type GraphTensor } from "../graph-builder.ts";
import { freeDimension, type Dimension, type Shape } from "../shapes.ts";
import { writeModel } from "../write-model.ts";
import { gelu, softmax } from "./activations.ts";
import { add, multiply } from "./arithmetic.ts";
import { convolution } from "./convolution.ts";
import { concatenate, padWithZeros, pick, reshape, slice, transpose } from "./layout.ts";
import { layerNormalization } from "./normalisation.ts";
import { linear, matMul } from "./products.ts";
import { mean } from "./reductions.ts";

const batch = freeDimension("batch");

type Build = (graph: GraphBuilder, x: GraphTensor) => GraphTensor;

/** Runs one operator on x = 0, 1, 2, ... with a batch of 2, and checks the shape that it promised. */
async function evaluate(shape: Shape, build: Build): Promise<FloatTensor> {
  const graph = createGraphBuilder();
  const result = build(graph, graph.input("x", shape));
  graph.output("y", result);
  const session = await openSession({
    model: { data: await writeModel(graph.toModel("test")), name: null },
    threads: 1,
  });
  const dims = shape.map(sizeOf);
  const data = Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, index) => index);
  const y = (await session.run({ x: { data, dims } }, ["y"])).get("y");
  await session.close();
  expect(y?.dims).toEqual(result.shape.map(sizeOf));
  if (y === undefined) throw new Error("no result");
  return y;
}

const sizeOf = (size: Dimension): number => (typeof size === "number" ? size : 2 * size.times);

const weightsOf = (
  graph: GraphBuilder,
  name: string,
  shape: readonly number[],
  value: (index: number) => number,
): GraphTensor =>
  graph.weight(
    name,
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => value(index)),
    shape,
  );

describe("operators give the values and shapes that they promise", () => {
  const cases: Readonly<Record<string, readonly [Shape, Build, readonly number[]]>> = {
    add: [
      [batch, 2],
      (g, x) =>
        add(
          g,
          x,
          weightsOf(g, "w", [2], (i) => 10 * i),
        ),
      [0, 11, 2, 13],
    ],
    multiply: [
      [batch, 1],
      (g, x) =>
        multiply(
          g,
          x,
          weightsOf(g, "w", [3], (i) => i + 1),
        ),
      [0, 0, 0, 1, 2, 3],
    ],
    matMul: [
      [batch, 1, 2],
      (g, x) =>
        matMul(
          g,
          x,
          weightsOf(g, "w", [2, 2], (i) => i),
        ),
      [2, 3, 6, 11],
    ],
    linear: [
      [batch, 2],
      (g, x) => linear(g, x, { weight: weightsOf(g, "w", [3, 2], (i) => i), bias: weightsOf(g, "b", [3], (i) => i) }),
      [1, 4, 7, 3, 14, 25],
    ],
    reshape: [[batch, 2, 3], (g, x) => reshape(g, x, [{ symbol: "batch", times: 3 }, 2]), [...Array(12).keys()]],
    transpose: [[batch, 1, 2], (g, x) => transpose(g, x, [2, 0, 1]), [0, 2, 1, 3]],
    pick: [[batch, 3], (g, x) => pick(g, x, { axis: 1, index: 2 }), [2, 5]],
    slice: [[batch, 3], (g, x) => slice(g, x, { axis: 1, start: 1, end: 3 }), [1, 2, 4, 5]],
    concatenate: [
      [batch, 2],
      (g, x) => concatenate(g, [x, slice(g, x, { axis: 1, start: 0, end: 1 })], 1),
      [0, 1, 0, 2, 3, 2],
    ],
    padWithZeros: [
      [batch, 1, 2],
      (g, x) => padWithZeros(g, x, { axis: 1, before: 1, after: 0 }),
      [0, 0, 0, 1, 0, 0, 2, 3],
    ],
    mean: [[batch, 2, 2], (g, x) => mean(g, x, 1), [1, 2, 5, 6]],
    convolution: [
      [batch, 1, 3, 3],
      (g, x) =>
        convolution(g, x, {
          weight: weightsOf(g, "w", [1, 1, 2, 2], (i) => i),
          bias: weightsOf(g, "b", [1], () => 100),
          stride: 1,
        }),
      [119, 125, 137, 143, 173, 179, 191, 197],
    ],
  };
  it.each(Object.entries(cases))("%s", async (_, [shape, build, expected]) => {
    expect([...(await evaluate(shape, build)).data]).toEqual(expected);
  });

  // Values of SciPy's norm.cdf and of NumPy in double precision.
  it("gelu", async () => {
    const { data } = await evaluate([4], (g, x) => gelu(g, add(g, x, g.scalar(-1.5))));
    const expected = [-0.10021080190675483, -0.1542687694188139, 0.3457312305811861, 1.3997891980932452];
    expected.forEach((value, index) => expect(data[index]).toBeCloseTo(value, 6));
  });

  it("softmax", async () => {
    const { data } = await evaluate([1, 3], softmax);
    const expected = [0.09003057317038046, 0.24472847105479764, 0.6652409557748218];
    expected.forEach((value, index) => expect(data[index]).toBeCloseTo(value, 6));
  });

  it("layerNormalization", async () => {
    const { data } = await evaluate([1, 3], (g, x) => {
      const [weight, bias] = [weightsOf(g, "w", [3], () => 2), weightsOf(g, "b", [3], (i) => i)];
      return layerNormalization(g, x, { weight, bias, epsilon: 1e-6 });
    });
    const expected = [-2.4494879, 1, 4.4494879];
    expected.forEach((value, index) => expect(data[index]).toBeCloseTo(value, 5));
  });
});

describe("operators refuse shapes that do not fit", () => {
  const refused: Readonly<Record<string, readonly [Shape, Build, string]>> = {
    add: [[batch, 2], (g, x) => add(g, x, weightsOf(g, "w", [3], Number)), "[batch, 2] and [3] cannot be broadcast"],
    matMul: [[2, 3], (g, x) => matMul(g, x, weightsOf(g, "w", [2, 3], Number)), "[2, 3] by [2, 3]"],
    reshape: [[batch, 6], (g, x) => reshape(g, x, [batch, 5]), "[batch, 6] to [batch, 5]"],
    transpose: [[batch, 2], (g, x) => transpose(g, x, [0, 0]), "[0, 0] is no order"],
    pick: [[batch, 2], (g, x) => pick(g, x, { axis: 1, index: 2 }), "ends at 2"],
    slice: [[batch, 2], (g, x) => slice(g, x, { axis: 1, start: 1, end: 3 }), "no entries 1 to 3"],
    "pick of a free axis": [[batch, 2], (g, x) => pick(g, x, { axis: 0, index: 0 }), "is not fixed"],
    concatenate: [
      [batch, 2],
      (g, x) => concatenate(g, [x, weightsOf(g, "w", [1, 2], Number)], 1),
      "[batch, 2] and [1, 2]",
    ],
  };
  it.each(Object.entries(refused))("%s", (_, [shape, build, message]) => {
    const graph = createGraphBuilder();
    expect(() => build(graph, graph.input("x", shape))).toThrow(message);
  });

  it("a weight whose values do not fill its shape", () => {
    expect(() => createGraphBuilder().weight("w", Float32Array.of(1), [2])).toThrow(
      '"w" has 1 values for the shape [2]',
    );
  });
});
