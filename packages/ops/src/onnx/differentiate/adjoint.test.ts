import { describe, expect, it } from "vitest";
import { randomFrom } from "../../../../../tests/random/random-from.ts";
import { sizeOf, tensorOf } from "../interpreter/tensor.ts";
import {
  gradientGraph,
  runGradients,
  type GradientCall,
  type GraphFunction,
  type ValueAndGradients,
} from "./gradient-testing/gradient-graph.ts";
import { linearCases } from "./gradient-testing/linear-cases.ts";
import { byScales } from "./gradient-testing/linear-cases/resizing.ts";
import { gradientRules } from "./rules.ts";

/** Rules of operators that are linear in none of their inputs. */
const notLinear = [
  ...[
    "Abs",
    "Clip",
    "Cos",
    "Elu",
    "Erf",
    "Exp",
    "Gelu",
    "HardSigmoid",
    "HardSwish",
    "LeakyRelu",
    "Log",
    "LogSoftmax",
    "Max",
    "MaxPool",
  ],
  ...["Min", "Pow", "Reciprocal", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceSumSquare", "Relu", "Sigmoid", "Sin"],
  ...["Softmax", "Softplus", "Sqrt", "Tanh"],
];

const seeds = [1, 2, 3];

/** From -1 to 1, and exact in float32. */
function drawCall(shapes: readonly (readonly number[])[], shape: readonly number[], seed: number): GradientCall {
  const random = randomFrom(seed);
  const draw = (size: number): Float64Array => Float64Array.from({ length: size }, () => Math.fround(2 * random() - 1));
  return { inputs: shapes.map((dims) => tensorOf(dims, draw(sizeOf(dims)))), upstream: draw(sizeOf(shape)) };
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a).toHaveLength(b.length);
  return Array.from(a).reduce((sum, value, at) => sum + value * b[at]!, 0);
}

/** <A x, y> - <x, A' y>, relative to |A x| |y|. */
function distance({ inputs, upstream }: GradientCall, { value, gradients }: ValueAndGradients): number {
  const forward = dot(value, upstream);
  const backward = gradients.reduce((sum, gradient, place) => {
    return gradient === null ? sum : sum + dot(inputs[place]!.data, gradient);
  }, 0);
  const length = Math.sqrt(dot(value, value) * dot(upstream, upstream));
  expect(length).toBeGreaterThan(0);
  return Math.abs(forward - backward) / length;
}

async function distances({ isFixed = [], ...rest }: GraphFunction): Promise<readonly number[]> {
  const graph = gradientGraph({ ...rest, isFixed }, "float32");
  expect(graph.gradientShapes).toEqual(rest.shapes.map((shape, place) => (isFixed[place] === true ? null : shape)));
  const calls = seeds.map((seed) => drawCall(rest.shapes, graph.shape, seed));
  const results = await runGradients(graph, calls);
  return results.map((result, place) => distance(calls[place]!, result));
}

describe("the gradient of a linear operator is its adjoint, <A x, y> = <x, A' y>, in onnxruntime's float32", () => {
  it("has a case for every rule of an operator that is linear in some input", () => {
    expect([...Object.keys(linearCases), ...notLinear].sort()).toEqual([...gradientRules.keys()].sort());
  });

  describe.each(Object.keys(linearCases))("%s", (operator) => {
    it.each(Object.keys(linearCases[operator]!))("%s", async (name) => {
      for (const each of await distances(linearCases[operator]![name]!)) expect(each).toBeLessThan(1e-5);
    });
  });
});

it("refuses what onnxruntime resamples to the size that it has, beside an axis that changes", () => {
  const resized = byScales({ before: [1, 1, 3, 4], scales: [1, 1, 1.25, 2], after: [1, 1, 3, 8] });
  expect(() => gradientGraph(resized, "float32")).toThrow("resamples an axis by 1.25");
});
