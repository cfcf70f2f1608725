import { describe, expect, it } from "vitest";
import { openSession, type TensorValue } from "../../runtime/session.ts";
import { createGraphBuilder, type GraphScope, type GraphTensor } from "../graph-builder.ts";
import { logSoftmax, relu, sigmoid, softmax, softplus } from "../operators/activations.ts";
import {
  add,
  divide,
  exponential,
  logarithm,
  maximum,
  minimum,
  multiply,
  negate,
  subtract,
} from "../operators/arithmetic.ts";
import { greater, where } from "../operators/choices.ts";
import { cast } from "../operators/conversions.ts";
import { gather, gatherElements } from "../operators/indexing.ts";
import { concatenate, expand, padWithZeros, reshape, slice, transpose } from "../operators/layout.ts";
import { matMul, product } from "../operators/products.ts";
import { mean, sum, sumKeepingAxes } from "../operators/reductions.ts";
import { writeModel } from "../write-model.ts";
import { differentiate } from "./differentiate.ts";
import { gradientRules } from "./rules.ts";

/** Fractions from 0 to 1 by a linear congruential generator, and choices by them. */
interface Random {
  readonly fraction: () => number;
  /** A whole number from `least` to `most`. */
  readonly integer: (least: number, most: number) => number;
  readonly shape: (rank: number) => readonly number[];
}

function randomOf(seed: number): Random {
  let state = seed;
  const fraction = (): number => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 8) / 2 ** 23;
  };
  const integer = (least: number, most: number): number => least + Math.floor(fraction() * (most - least + 1));
  return { fraction, integer, shape: (rank) => Array.from({ length: rank }, () => integer(1, 4)) };
}

/** A function to check: shapes of its inputs, values they are drawn from, and the nodes. */
interface Draw {
  readonly shapes: readonly (readonly number[])[];
  readonly range?: readonly [number, number];
  readonly build: (graph: GraphScope, inputs: readonly GraphTensor[]) => GraphTensor;
  /** The same function by other operators, to take differences of where onnxruntime has no float64 kernel. */
  readonly substitute?: Draw["build"];
}

type Drawing = (random: Random) => Draw;
type Unary = (graph: GraphScope, x: GraphTensor) => GraphTensor;
type Binary = (graph: GraphScope, a: GraphTensor, b: GraphTensor) => GraphTensor;

const unary =
  (build: Unary, range?: readonly [number, number]): Drawing =>
  ({ shape, integer }) => ({
    shapes: [shape(integer(1, 4))],
    build: (graph, [x]) => build(graph, x!),
    ...(range && { range }),
  });

/** Two shapes of which either may be stretched along any axis, and either may have fewer axes. */
const broadcast =
  (build: Binary, range?: readonly [number, number]): Drawing =>
  ({ shape, integer }) => {
    const whole = shape(integer(1, 4));
    const part = (): readonly number[] =>
      whole.map((size) => (integer(0, 2) === 0 ? 1 : size)).slice(integer(0, whole.length));
    return { shapes: [part(), part()], build: (graph, [a, b]) => build(graph, a!, b!), ...(range && { range }) };
  };

/** On an axis drawn for it, with shapes of some rank. */
const onAxis =
  (build: (graph: GraphScope, x: GraphTensor, axis: number, random: Random) => GraphTensor): Drawing =>
  (random) => {
    const shape = random.shape(random.integer(1, 4));
    const axis = random.integer(0, shape.length - 1);
    return { shapes: [shape], build: (graph, [x]) => build(graph, x!, axis, random) };
  };

const randomIndices = (graph: GraphScope, random: Random, shape: readonly number[], size: number): GraphTensor => {
  const count = shape.reduce((a, b) => a * b, 1);
  const list = Array.from({ length: count }, () => random.integer(0, size - 1));
  return reshape(graph, graph.integers(list), shape);
};

const permutation = ({ integer }: Random, rank: number): readonly number[] => {
  const order = Array.from({ length: rank }, (_, axis) => axis);
  return Array.from({ length: rank }, () => order.splice(integer(0, order.length - 1), 1)).flat();
};

const drawings: Readonly<Record<string, Drawing>> = {
  Add: broadcast(add),
  Sub: broadcast(subtract),
  Mul: broadcast(multiply),
  Div: broadcast(divide, [0.5, 2]),
  Max: broadcast(maximum),
  Min: broadcast(minimum),
  Neg: unary(negate),
  Exp: unary(exponential),
  Log: unary(logarithm, [0.5, 3]),
  Identity: unary((graph, x) => graph.node({ operator: "Identity", inputs: [x], shape: x.shape })),
  Cast: unary((graph, x) => cast(graph, cast(graph, x, "float64"), "float64")),
  Relu: unary(relu),
  Sigmoid: unary(sigmoid),
  Softplus: (random) => ({
    ...unary(softplus)(random),
    substitute: (graph, [x]) => logarithm(graph, add(graph, exponential(graph, x!), graph.scalar(1, "float64"))),
  }),
  Softmax: unary(softmax),
  LogSoftmax: unary(logSoftmax),
  Where: ({ shape, integer, fraction }) => {
    const whole = shape(integer(1, 3));
    const part = (): readonly number[] => whole.map((size) => (fraction() < 0.4 ? 1 : size));
    return {
      shapes: [part(), part(), part()],
      build: (graph, [a, b, c]) =>
        where(graph, greater(graph, a!, graph.scalar(0, "float64")), { then: b!, otherwise: c! }),
    };
  },
  ReduceSum: (random) => {
    const shape = random.shape(random.integer(1, 4));
    const axes = shape.flatMap((_, axis) => (random.integer(0, 1) === 0 ? [axis] : []));
    const reduce = random.integer(0, 1) === 0 ? sum : sumKeepingAxes;
    return { shapes: [shape], build: (graph, [x]) => reduce(graph, x!, axes.length === 0 ? [0] : axes) };
  },
  ReduceMean: onAxis(mean),
  Reshape: unary((graph, x) => {
    const count = x.shape.reduce<number>((product, size) => product * Number(size), 1);
    return reshape(graph, x, count % 2 === 0 ? [2, count / 2] : [count, 1, 1]);
  }),
  Expand: ({ shape, integer }) => {
    const whole = shape(integer(1, 4));
    const part = whole.map((size) => (integer(0, 1) === 0 ? 1 : size)).slice(integer(0, whole.length));
    return { shapes: [part, whole], build: (graph, [x, like]) => add(graph, expand(graph, x!, like!), like!) };
  },
  Transpose: (random) => {
    const shape = random.shape(random.integer(1, 4));
    const order = permutation(random, shape.length);
    return { shapes: [shape], build: (graph, [x]) => transpose(graph, x!, order) };
  },
  Slice: onAxis((graph, x, axis, { integer }) => {
    const size = Number(x.shape[axis]);
    const start = integer(0, size - 1);
    return slice(graph, x, { axis, start, end: integer(start + 1, size) });
  }),
  Pad: onAxis((graph, x, axis, { integer }) =>
    padWithZeros(graph, x, { axis, before: integer(0, 2), after: integer(0, 2) }),
  ),
  Concat: (random) => {
    const shape = random.shape(random.integer(1, 4));
    const axis = random.integer(0, shape.length - 1);
    const shapes = Array.from({ length: random.integer(1, 3) }, () =>
      shape.map((size, place) => (place === axis ? random.integer(1, 3) : size)),
    );
    return { shapes, build: (graph, parts) => concatenate(graph, parts, axis) };
  },
  Gather: onAxis((graph, x, axis, random) => {
    const indices = randomIndices(graph, random, random.shape(random.integer(0, 2)), Number(x.shape[axis]));
    return gather(graph, x, { indices, axis });
  }),
  GatherElements: onAxis((graph, x, axis, random) => {
    const shape = x.shape.map((size, place) => (place === axis ? random.integer(1, 5) : Number(size)));
    return gatherElements(graph, x, { indices: randomIndices(graph, random, shape, Number(x.shape[axis])), axis });
  }),
  MatMul: ({ shape, integer }) => {
    const outer = shape(integer(0, 2));
    const part = (): readonly number[] =>
      outer.map((size) => (integer(0, 2) === 0 ? 1 : size)).slice(integer(0, outer.length));
    const [n, k, m] = shape(3);
    return {
      shapes: [
        [...part(), n!, k!],
        [...part(), k!, m!],
      ],
      build: (graph, [a, b]) => matMul(graph, a!, b!),
    };
  },
  Gemm: ({ shape, integer, fraction }) => {
    const [n, k, m] = [...shape(3)];
    const [transposeA, transposeB] = [integer(0, 1) === 1, integer(0, 1) === 1];
    const options = { transposeA, transposeB, factor: fraction() + 0.5, addendFactor: fraction() + 0.5 };
    const addends = [[n!, m!], [m!], [n!, 1], []];
    return {
      shapes: [transposeA ? [k!, n!] : [n!, k!], transposeB ? [m!, k!] : [k!, m!], addends[integer(0, 3)]!],
      build: (graph, [a, b, addend]) => product(graph, [a!, b!], { ...options, addend: addend! }),
    };
  },
};

/** Runs a graph on float64 inputs. */
type Evaluate = (inputs: readonly Float64Array[], outputs: readonly string[]) => Promise<readonly TensorValue[]>;

/** The loss Σ weight · y as a sum that is left to the reader, and its gradients `g0`, `g1` ... */
async function prepare(
  { shapes, build, substitute }: Draw,
  random: Random,
): Promise<Evaluate & { close: () => Promise<void> }> {
  const graph = createGraphBuilder();
  const inputs = shapes.map((shape, place) => graph.input(`x${place}`, shape, "float64"));
  const y = build(graph, inputs);
  const count = y.shape.reduce<number>((product, size) => product * Number(size), 1);
  const weights = Array.from({ length: count }, () => random.fraction() + 0.25);
  const weighted = (value: GraphTensor): GraphTensor =>
    multiply(graph, value, reshape(graph, graph.floats(weights, "float64"), y.shape));
  const gradients = differentiate(graph, weighted(y), inputs);
  graph.output("loss", weighted(substitute?.(graph, inputs) ?? y));
  gradients.forEach((gradient, place) => {
    if (gradient !== null) {
      expect(gradient.shape).toEqual(shapes[place]);
      graph.output(`g${place}`, gradient);
    }
  });
  const session = await openSession({
    model: { data: await writeModel(graph.toModel("check")), name: null },
    threads: 1,
  });
  const evaluate: Evaluate = async (values, outputs) => {
    const feeds = Object.fromEntries(
      values
        .map((data, place) => [`x${place}`, { data, dims: shapes[place]! }] as const)
        .filter(([name]) => session.inputs.some((input) => input.name === name)),
    );
    const available = outputs.filter((name) => session.outputs.some((output) => output.name === name));
    const results = await session.evaluate(feeds, available);
    return outputs.map((name) => results.get(name) ?? { data: new Float64Array(0), dims: [] });
  };
  return Object.assign(evaluate, { close: () => session.close() });
}

/** Central differences of every entry of every input. */
async function checkGradients(draw: Draw, random: Random): Promise<void> {
  const evaluate = await prepare(draw, random);
  const [least, most] = draw.range ?? [-2, 2];
  const values = draw.shapes.map((shape) =>
    Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => least + random.fraction() * (most - least)),
  );
  const lossOf = async (): Promise<number> => {
    const [loss] = await evaluate(values, ["loss"]);
    return [...(loss?.data ?? [])].reduce<number>((total, value) => total + Number(value), 0);
  };
  const gradients = await evaluate(
    values,
    draw.shapes.map((_, place) => `g${place}`),
  );
  const step = 1e-5;
  for (const [place, input] of values.entries()) {
    for (const [at, value] of input.entries()) {
      input[at] = value + step;
      const above = await lossOf();
      input[at] = value - step;
      const below = await lossOf();
      input[at] = value;
      const expected = (above - below) / (2 * step);
      // Where the loss does not depend on an input, there is no gradient.
      expect(Number(gradients[place]?.data[at] ?? 0)).toBeCloseTo(expected, 6);
    }
  }
  await evaluate.close();
}

describe("gradients agree with central differences in float64", () => {
  it("has a drawing for every rule", () => {
    expect(Object.keys(drawings).sort()).toEqual([...gradientRules.keys()].sort());
  });

  it.each(Object.keys(drawings))("%s", async (operator) => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = randomOf(seed * 7919);
      await checkGradients(drawings[operator]!(random), random);
    }
  });
});
