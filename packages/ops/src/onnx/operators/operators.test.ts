import { describe, expect, it } from "vitest";
import { openSession, type FloatTensor } from "../../runtime/session.ts";
import { createGraphBuilder, type GraphBuilder, type GraphTensor } from "../graph-builder.ts";
import { freeDimension, type Dimension, type Shape } from "../shapes.ts";
import { writeModel } from "../write-model.ts";
import { gelu, relu, softmax } from "./activations.ts";
import { add, divide, exponential, logarithm, maximum, minimum, multiply, negate, subtract } from "./arithmetic.ts";
import { greater, where } from "./choices.ts";
import { cast, shapeOf } from "./conversions.ts";
import { convolution } from "./convolution.ts";
import { gather, gatherElements, oneHot, scatterAdd } from "./indexing.ts";
import { concatenate, expand, padWithZeros, pick, reshape, slice, transpose } from "./layout.ts";
import { layerNormalization } from "./normalisation.ts";
import { loop } from "./loops.ts";
import { linear, matMul, product } from "./products.ts";
import { mean, sum, sumKeepingAxes, sumOfSquares } from "./reductions.ts";

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
    sum: [[batch, 2, 2], (g, x) => sum(g, x, [0, 2]), [10, 18]],
    sumKeepingAxes: [[batch, 2, 2], (g, x) => sumKeepingAxes(g, x, [1]), [2, 4, 10, 12]],
    sumOfSquares: [[batch, 2], sumOfSquares, [14]],
    subtract: [[batch, 2], (g, x) => subtract(g, g.floats([10, 20]), x), [10, 19, 8, 17]],
    divide: [[batch, 2], (g, x) => divide(g, x, g.scalar(2)), [0, 0.5, 1, 1.5]],
    "maximum and minimum": [[batch, 2], (g, x) => minimum(g, maximum(g, x, g.scalar(1)), g.scalar(2)), [1, 1, 2, 2]],
    "negate and relu": [[batch, 2], (g, x) => relu(g, negate(g, subtract(g, x, g.scalar(1.5)))), [1.5, 0.5, 0, 0]],
    where: [
      [batch, 2],
      (g, x) => where(g, greater(g, x, g.scalar(1)), { then: x, otherwise: g.scalar(-1) }),
      [-1, -1, 2, 3],
    ],
    gather: [[batch, 3], (g, x) => gather(g, x, { indices: g.integers([2, 2, 0]), axis: 1 }), [2, 2, 0, 5, 5, 3]],
    gatherElements: [
      [batch, 2],
      (g, x) => gatherElements(g, x, { indices: cast(g, multiply(g, x, g.scalar(0)), "int64"), axis: 1 }),
      [0, 0, 2, 2],
    ],
    scatterAdd: [
      [batch, 2],
      (g, x) =>
        scatterAdd(g, x, {
          indices: reshape(g, g.integers([1, 1]), [1, 2]),
          updates: g.weight("u", Float32Array.of(10, 20), [1, 2]),
          axis: 1,
        }),
      [0, 31, 2, 3],
    ],
    oneHot: [[batch, 1], (g, x) => oneHot(g, cast(g, x, "int64"), 2), [1, 0, 0, 1]],
    expand: [[batch, 1], (g, x) => expand(g, g.floats([7, 8]), concatenate(g, [x, x], 1)), [7, 8, 7, 8]],
    shapeOf: [[batch, 3], (g, x) => cast(g, shapeOf(g, x), "float32"), [2, 3]],
    product: [
      [batch, 2],
      (g, x) =>
        product(g, [x, weightsOf(g, "w", [3, 2], (i) => i)], {
          transposeB: true,
          factor: 2,
          addend: g.floats([0, 1, 2]),
          addendFactor: 10,
        }),
      [2, 16, 30, 6, 36, 66],
    ],
    "loop: powers of two, each kept": [
      [batch, 1],
      (g, x) => {
        const trips = g.integers(3);
        const end = loop(g, {
          trips,
          state: [add(g, x, g.scalar(1))],
          body: (body, trip, [state]) => {
            const next = add(body, state!, state!);
            const unused = exponential(body, next);
            const stamped = add(body, next, cast(body, trip, "float32"));
            return { state: [next], kept: unused.shape.length === 2 ? [stamped] : [] };
          },
        });
        return concatenate(g, [end.state[0]!, sum(g, end.kept[0]!, [0])], 1);
      },
      // From 1 and 2: 8 and 16 at the end; 2 + 4 + 8 + (0 + 1 + 2) and twice the powers.
      [8, 17, 16, 31],
    ],
    convolution: [
      [batch, 1, 3, 3],
      (g, x) =>
        convolution(g, x, {
          weight: weightsOf(g, "w", [1, 1, 2, 2], (i) => i),
          bias: weightsOf(g, "b", [1], () => 100),
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

  it("exponential and logarithm", async () => {
    const { data } = await evaluate([2], (g, x) =>
      concatenate(g, [exponential(g, x), logarithm(g, add(g, x, g.scalar(2)))], 0),
    );
    [1, Math.E, Math.LN2, Math.log(3)].forEach((value, index) => expect(data[index]).toBeCloseTo(value, 6));
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
    "subtract of two types": [
      [batch, 2],
      (g, x) => subtract(g, x, g.integers(1)),
      "Sub does not take float32 and int64",
    ],
    product: [[3, 2], (g, x) => product(g, [x, x], {}), "[3, 2] by [3, 2]"],
    "product with an addend": [
      [3, 2],
      (g, x) => product(g, [x, x], { transposeB: true, addend: weightsOf(g, "c", [2, 3, 3], Number) }),
      "cannot take [2, 3, 3] as its addend",
    ],
    "gather by floats": [
      [batch, 2],
      (g, x) => gather(g, x, { indices: x, axis: 1 }),
      "Indices are int64 or int32, not float32",
    ],
    "sum over no axis": [[batch, 2], (g, x) => sum(g, x, []), "needs an axis"],
    "loop that changes a shape": [
      [2, 2],
      (g, x) =>
        loop(g, {
          trips: g.integers(2),
          state: [x],
          body: (body, _, [s]) => ({ state: [sum(body, s!, [0])], kept: [] }),
        }).state[0]!,
      "State 0 of a loop begins as float32 [2, 2] and ends as float32 [2]",
    ],
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
