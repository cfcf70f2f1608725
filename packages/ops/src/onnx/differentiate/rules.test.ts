import { describe, expect, it } from "vitest";
import { openSession, type TensorValue } from "../../runtime/session.ts";
import { createGraphBuilder, type FloatType, type GraphScope, type GraphTensor } from "../graph-builder.ts";
import { interpret } from "../interpreter/interpret.ts";
import { sizeOf } from "../interpreter/tensor.ts";
import type { OnnxModel } from "../onnx-model.ts";
import {
  gelu,
  geluByTanh,
  hardSigmoid,
  hardSwish,
  leakyRelu,
  logSoftmax,
  relu,
  sigmoid,
  softmax,
  softplus,
  tanh,
} from "../operators/activations.ts";
import {
  absolute,
  add,
  divide,
  errorFunction,
  exponential,
  logarithm,
  maximum,
  minimum,
  multiply,
  negate,
  power,
  reciprocal,
  squareRoot,
  subtract,
} from "../operators/arithmetic.ts";
import { clip, greater, where } from "../operators/choices.ts";
import { cast } from "../operators/conversions.ts";
import { convolution, transposedConvolution, type WindowStep } from "../operators/convolution.ts";
import { averagePool, globalAveragePool, maxPool } from "../operators/pooling.ts";
import { gather, gatherElements } from "../operators/indexing.ts";
import {
  concatenate,
  expand,
  flatten,
  padWithZeros,
  reshape,
  sliceEvery,
  split,
  squeeze,
  tile,
  transpose,
  unsqueeze,
} from "../operators/layout.ts";
import {
  batchNormalization,
  frozenBatchNormalization,
  groupNormalization,
  instanceNormalization,
  layerNormalization,
} from "../operators/normalisation.ts";
import { einsum, matMul, product } from "../operators/products.ts";
import { resize } from "../operators/resizing.ts";
import { largest, mean, smallest, sum, sumKeepingAxes } from "../operators/reductions.ts";
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
    const seed = random.integer(1, 1e6);
    // The function is built twice, the same both times.
    return { shapes: [shape], build: (graph, [x]) => build(graph, x!, axis, randomOf(seed)) };
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
  Cast: unary((graph, x) => cast(graph, cast(graph, x, "float64"), x.type)),
  Relu: unary(relu),
  Sigmoid: unary(sigmoid),
  Softplus: unary(softplus),
  Pow: broadcast(power, [0.3, 2]),
  Sqrt: unary(squareRoot, [0.2, 3]),
  Abs: unary(absolute),
  Reciprocal: unary(reciprocal, [0.4, 2]),
  Erf: unary(errorFunction),
  Tanh: unary(tanh),
  LeakyRelu: unary((graph, x) => leakyRelu(graph, x, 0.25)),
  HardSigmoid: unary((graph, x) => hardSigmoid(graph, x, { slope: 0.5, offset: 0.375 })),
  HardSwish: unary(hardSwish, [-4, 4]),
  Gelu: (random) => unary(random.integer(0, 1) === 0 ? gelu : geluByTanh, [-3, 3])(random),
  Clip: (random) => {
    const which = random.integer(0, 2);
    return unary((graph, x) => {
      const [least, most] = [-0.7, 0.4].map((bound) =>
        graph.scalar(bound, x.type === "float64" ? "float64" : "float32"),
      );
      return clip(graph, x, { ...(which < 2 ? { least: least! } : {}), ...(which > 0 ? { most: most! } : {}) });
    })(random);
  },
  Softmax: unary(softmax),
  LogSoftmax: unary(logSoftmax),
  Where: ({ shape, integer, fraction }) => {
    const whole = shape(integer(1, 3));
    const part = (): readonly number[] => whole.map((size) => (fraction() < 0.4 ? 1 : size));
    return {
      shapes: [part(), part(), part()],
      build: (graph, [a, b, c]) => where(graph, greater(graph, a!, zeroLike(graph, a!)), { then: b!, otherwise: c! }),
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
  ReduceMax: onAxis(largest),
  ReduceMin: onAxis(smallest),
  Flatten: onAxis((graph, x, axis) => flatten(graph, x, axis)),
  Unsqueeze: onAxis((graph, x, axis) => unsqueeze(graph, x, [axis, x.shape.length + 1])),
  Squeeze: onAxis((graph, x, axis) => squeeze(graph, sumKeepingAxes(graph, x, [axis]), [axis])),
  Split: (random) => {
    const shape = random.shape(random.integer(1, 3));
    const axis = random.integer(0, shape.length - 1);
    const lengths = [random.integer(1, 3), random.integer(1, 2), 1];
    const whole = shape.map((size, place) => (place === axis ? lengths.reduce((a, b) => a + b) : size));
    // The last part is used by nobody.
    return {
      shapes: [whole],
      build: (graph, [x]) => concatenate(graph, split(graph, x!, { axis, lengths }).slice(0, 2).toReversed(), axis),
    };
  },
  Tile: (random) => {
    const shape = random.shape(random.integer(1, 3));
    const repeats = shape.map(() => random.integer(1, 3));
    return { shapes: [shape], build: (graph, [x]) => tile(graph, x!, repeats) };
  },
  Transpose: (random) => {
    const shape = random.shape(random.integer(1, 4));
    const order = permutation(random, shape.length);
    return { shapes: [shape], build: (graph, [x]) => transpose(graph, x!, order) };
  },
  Slice: onAxis((graph, x, axis, { integer }) => {
    const size = Number(x.shape[axis]);
    const start = integer(0, size - 1);
    const step = integer(1, 3);
    return sliceEvery(graph, x, { axis, start, step, count: integer(1, Math.ceil((size - start) / step)) });
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
  LayerNormalization: (random) => {
    const shape = [...random.shape(random.integer(1, 3)), random.integer(2, 5)];
    const last = shape.at(-1)!;
    return {
      shapes: [shape, [last], [last]],
      build: (graph, [x, weight, bias]) =>
        layerNormalization(graph, x!, { weight: weight!, bias: bias!, epsilon: 2 ** -10 }),
    };
  },
  InstanceNormalization: (random) => {
    const [batch, channels] = [random.integer(1, 2), random.integer(1, 3)];
    return {
      shapes: [[batch, channels, ...[2, 3].slice(0, random.integer(1, 2))], [channels], [channels]],
      build: (graph, [x, scale, bias]) =>
        instanceNormalization(graph, x!, { scale: scale!, bias: bias!, epsilon: 2 ** -10 }),
    };
  },
  GroupNormalization: (random) => {
    const [batch, groups, channels] = [random.integer(1, 2), random.integer(1, 2), random.integer(2, 3)];
    return {
      shapes: [[batch, groups * channels, ...[2, 3].slice(0, random.integer(1, 2))], [groups], [groups]],
      build: (graph, [x, scale, bias]) =>
        groupNormalization(graph, x!, { scale: scale!, bias: bias!, epsilon: 2 ** -10, groups }),
    };
  },
  BatchNormalization: (random) => {
    const channels = random.integer(1, 3);
    const space = [2, 3].slice(0, random.integer(0, 2));
    const isTraining = random.integer(0, 1) === 1;
    return {
      shapes: [[random.integer(2, 3), channels, ...space], [channels], [channels]],
      build: (graph, [x, scale, bias]) => {
        const type = x!.type === "float64" ? "float64" : "float32";
        const [mean, variance] = [0.25, 1.5].map((value) =>
          graph.floats(
            Array.from({ length: channels }, (_, channel) => value + channel / 4),
            type,
          ),
        );
        const weights = { scale: scale!, bias: bias!, mean: mean!, variance: variance!, epsilon: 2 ** -10 };
        if (!isTraining) return frozenBatchNormalization(graph, x!, weights);
        return batchNormalization(graph, x!, { ...weights, momentum: 0.75 })[0];
      },
    };
  },
  Conv: (random) => {
    const drawn = drawConvolution(random);
    const { batch, groups, inner, outer, kernel, steps } = drawn;
    return {
      shapes: [
        [batch, groups * inner, ...drawn.space],
        [groups * outer, inner, ...kernel],
        ...(drawn.hasBias ? [[groups * outer]] : []),
      ],
      build: (graph, [x, weight, bias]) =>
        convolution(graph, x!, { weight: weight!, bias: bias ?? null, steps, groups }),
    };
  },
  MaxPool: (random) => {
    const { batch, inner, kernel, steps, space } = drawConvolution(random);
    const isCeil = random.integer(0, 1) === 1;
    const halved = steps.map((step, axis) => withinHalf(step, kernel[axis]!));
    return {
      shapes: [[batch, inner, ...space]],
      build: (graph, [x]) => maxPool(graph, x!, { kernel, steps: halved, isCeil }),
    };
  },
  AveragePool: (random) => {
    const { batch, inner, kernel, steps, space } = drawConvolution(random);
    const [isCeil, countsPadding] = [random.integer(0, 1) === 1, random.integer(0, 1) === 1];
    const plain = steps.map((step, axis) => ({ ...withinHalf(step, kernel[axis]!), dilation: 1 }));
    return {
      shapes: [[batch, inner, ...space]],
      build: (graph, [x]) => averagePool(graph, x!, { kernel, steps: plain, isCeil, countsPadding }),
    };
  },
  Resize: (random) => {
    const space = [random.integer(2, 5), random.integer(2, 5)];
    const grown = space.map(() => random.integer(2, 9));
    const [batch, channels] = [random.integer(1, 2), random.integer(1, 2)];
    const mode = (["nearest", "linear", "cubic"] as const)[random.integer(0, 2)]!;
    const coordinates =
      mode === "nearest" ? "asymmetric" : (["half_pixel", "align_corners"] as const)[random.integer(0, 1)]!;
    return {
      shapes: [[batch, channels, ...space]],
      build: (graph, [x]) => resize(graph, x!, { sizes: [batch, channels, ...grown], mode, coordinates }),
    };
  },
  GlobalAveragePool: (random) => ({
    shapes: [[random.integer(1, 2), random.integer(1, 3), ...random.shape(random.integer(1, 2))]],
    build: (graph, [x]) => globalAveragePool(graph, x!),
  }),
  ConvTranspose: (random) => {
    const drawn = drawConvolution(random);
    const { batch, groups, inner, outer, kernel, steps } = drawn;
    const extra = steps.map(({ stride }) => random.integer(0, stride - 1));
    return {
      shapes: [
        // Enough for a result that is larger than its padding.
        [batch, groups * inner, ...drawn.space.map((size) => 2 + (size % 3))],
        [groups * inner, outer, ...kernel],
        ...(drawn.hasBias ? [[groups * outer]] : []),
      ],
      build: (graph, [x, weight, bias]) =>
        transposedConvolution(graph, x!, { weight: weight!, bias: bias ?? null, steps, groups, extra }),
    };
  },
  Einsum: (random) => {
    const [b, i, j, d] = random.shape(4).map(Number);
    const equations: readonly (readonly [string, readonly (readonly number[])[]])[] = [
      [
        "bid,bjd->bij",
        [
          [b!, i!, d!],
          [b!, j!, d!],
        ],
      ],
      [
        "bij,bjd->bid",
        [
          [b!, i!, j!],
          [b!, j!, d!],
        ],
      ],
      ["ij,j->i", [[i!, j!], [j!]]],
      ["bid->bd", [[b!, i!, d!]]],
      ["i,j->ij", [[i!], [j!]]],
    ];
    const [equation, shapes] = equations[random.integer(0, equations.length - 1)]!;
    return { shapes, build: (graph, inputs) => einsum(graph, equation, inputs) };
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

/** A pooling's padding is at most half of its window. */
function withinHalf(step: WindowStep, size: number): WindowStep {
  const most = Math.floor(size / 2);
  return { ...step, before: Math.min(step.before, most), after: Math.min(step.after, most) };
}

/** Sizes of a convolution in one or two axes of space, such that every window fits. */
function drawConvolution({ integer }: Random) {
  const axes = integer(1, 2);
  const perAxis = (least: number, most: number): readonly number[] =>
    Array.from({ length: axes }, () => integer(least, most));
  const kernel = perAxis(1, 3);
  const steps = kernel.map((size) => {
    return {
      stride: integer(1, 3),
      dilation: integer(1, 2),
      before: integer(0, size - 1),
      after: integer(0, size - 1),
    };
  });
  const space = kernel.map((size, axis) => (size - 1) * steps[axis]!.dilation + integer(1, 4));
  const [batch, groups, inner, outer] = [integer(1, 2), integer(1, 2), integer(1, 2), integer(1, 2)];
  return { kernel, steps, space, batch, groups, inner, outer, hasBias: integer(0, 1) === 1 };
}

/** A graph of a loss Σ weight · y, whose sum is left to the reader, and of its gradients. */
interface Prepared {
  readonly model: OnnxModel;
  /** The names of the inputs' gradients; null where the loss does not depend on one. */
  readonly gradients: readonly (string | null)[];
}

function prepare({ shapes, build }: Draw, type: FloatType, weightsOf: (count: number) => readonly number[]): Prepared {
  const graph = createGraphBuilder();
  const inputs = shapes.map((shape, place) => graph.input(`x${String(place)}`, shape, type));
  const y = build(graph, inputs);
  const count = y.shape.reduce<number>((product, size) => product * Number(size), 1);
  const weights = reshape(graph, graph.floats(weightsOf(count), type), y.shape);
  const loss = multiply(graph, y, weights);
  graph.output("loss", loss);
  const gradients = differentiate(graph, loss, inputs).map((gradient, place) => {
    if (gradient === null) return null;
    expect(gradient.shape).toEqual(shapes[place]);
    graph.output(`g${String(place)}`, gradient);
    return `g${String(place)}`;
  });
  return { model: graph.toModel("check"), gradients };
}

/** The gradients of every entry of every input, by central differences of the interpreter's float64. */
function differences({ model }: Prepared, { shapes }: Draw, values: readonly Float64Array[]): readonly Float64Array[] {
  const step = 1e-5;
  const feeds = new Map(values.map((data, place) => [`x${String(place)}`, { dims: shapes[place]!, data }]));
  const lossOf = (): number =>
    interpret(model.graph, feeds)
      .get("loss")!
      .data.reduce((sum, value) => sum + value, 0);
  return values.map((input) =>
    input.map((value, at) => {
      input[at] = value + step;
      const above = lossOf();
      input[at] = value - step;
      const below = lossOf();
      input[at] = value;
      return (above - below) / (2 * step);
    }),
  );
}

/** The rule against differences, and what onnxruntime makes of the same graph in float32 against both. */
async function checkGradients(draw: Draw, random: Random): Promise<void> {
  const weights = Array.from({ length: 4096 }, () => random.fraction() + 0.25);
  const prepared = prepare(draw, "float64", (count) => weights.slice(0, count));
  const [least, most] = draw.range ?? [-2, 2];
  const values = draw.shapes.map((shape) =>
    // Values that float32 holds too, so that both see the same.
    Float64Array.from({ length: sizeOf(shape) }, () => Math.fround(least + random.fraction() * (most - least))),
  );
  const expected = differences(prepared, draw, values);
  const feeds = new Map(values.map((data, place) => [`x${String(place)}`, { dims: draw.shapes[place]!, data }]));
  const worked = interpret(prepared.model.graph, feeds);
  const run = await runInFloat32(
    prepare(draw, "float32", (count) => weights.slice(0, count)),
    draw,
    values,
  );
  expected.forEach((input, place) => {
    const name = prepared.gradients[place] ?? null;
    input.forEach((difference, at) => {
      // Where the loss does not depend on an input, there is no gradient.
      const gradient = name === null ? 0 : worked.get(name)!.data[at]!;
      expect(gradient).toBeCloseTo(difference, 6);
      const inFloat32 = name === null ? 0 : Number(run.get(name)!.data[at]);
      expect(Math.abs(inFloat32 - gradient)).toBeLessThan(2e-4 * Math.max(1, Math.abs(gradient)));
    });
  });
}

async function runInFloat32(
  { model, gradients }: Prepared,
  { shapes }: Draw,
  values: readonly Float64Array[],
): Promise<ReadonlyMap<string, TensorValue>> {
  const session = await openSession({ model: { data: await writeModel(model), name: null }, threads: 1 });
  const feeds = values
    .map((data, place) => [`x${String(place)}`, { data: Float32Array.from(data), dims: shapes[place]! }] as const)
    .filter(([name]) => session.inputs.some((input) => input.name === name));
  try {
    const wanted = gradients.flatMap((name) => name ?? []);
    return await session.evaluate(Object.fromEntries(feeds), wanted);
  } finally {
    await session.close();
  }
}

function zeroLike(graph: GraphScope, { type }: GraphTensor): GraphTensor {
  return graph.scalar(0, type === "float64" ? "float64" : "float32");
}

describe("gradients agree with central differences in float64, and onnxruntime's with them", () => {
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
