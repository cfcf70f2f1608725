import { describe, expect, it } from "vitest";
import {
  readGradientRulesFixture,
  type TorchCase,
  type TorchInput,
} from "../../../../../tests/ops/reference/gradient-rules-fixture.ts";
import { sizeOf, tensorOf } from "../interpreter/tensor.ts";
import {
  gradientGraph,
  interpretGradients,
  runGradients,
  type GradientCall,
  type ValueAndGradients,
} from "./gradient-testing/gradient-graph.ts";
import { randomOf, type Random } from "./gradient-testing/random.ts";
import { torchCases } from "./gradient-testing/torch-cases.ts";
import { gradientRules } from "./rules.ts";

const fixture = readGradientRulesFixture();

/** The inputs of a case and the gradient of its value, drawn as `gradient_rules.py` draws them. */
function drawCall(name: string, { inputs, shape }: TorchCase): GradientCall {
  const seed = Array.from(name).reduce((sum, letter, place) => sum + (place + 1) * (letter.codePointAt(0) ?? 0), 0);
  const random = randomOf(seed);
  return {
    inputs: inputs.map((input) => tensorOf(input.shape, valuesOf(input, random))),
    upstream: valuesOf({ shape }, random),
  };
}

function valuesOf({ shape, values, draw = [-2, 1 / 64, 257] }: TorchInput, random: Random): readonly number[] {
  const [least, step, levels] = draw;
  return values ?? Array.from({ length: sizeOf(shape) }, () => least + step * random.integer(0, levels - 1));
}

/** Every number within `tolerance`, of the number itself where that is above 1. */
function expectClose(actual: ValueAndGradients, { value, gradients }: TorchCase, tolerance: number): void {
  expect(farther(actual.value, value, tolerance), "value").toEqual([]);
  gradients.forEach((gradient, place) => {
    const ours = actual.gradients[place] ?? null;
    expect(ours === null, `gradient ${place} is missing`).toBe(gradient === null);
    if (gradient !== null) expect(farther(ours ?? [], gradient, tolerance), `gradient ${place}`).toEqual([]);
  });
}

/** The places at which two lists differ too much. */
function farther(actual: readonly number[], expected: readonly number[], tolerance: number) {
  expect(actual).toHaveLength(expected.length);
  return expected.flatMap((number, place) => {
    const ours = actual[place] ?? NaN;
    const isSame = Object.is(ours, number) || Math.abs(ours - number) <= tolerance * Math.max(1, Math.abs(number));
    return isSame ? [] : [{ place, ours, expected: number }];
  });
}

describe("values and gradients are PyTorch's", () => {
  it("has cases for every rule, the same on both sides", () => {
    const namesOf = (cases: Readonly<Record<string, object>>): readonly string[] =>
      Object.entries(cases).flatMap(([operator, named]) => Object.keys(named).map((name) => `${operator}: ${name}`));
    expect(Object.keys(torchCases).sort()).toEqual([...gradientRules.keys()].sort());
    expect([...namesOf(fixture)].sort()).toEqual([...namesOf(torchCases)].sort());
  });

  describe.each(Object.keys(torchCases))("%s", (operator) => {
    it.each(Object.keys(torchCases[operator]!))("%s", async (name) => {
      const [build, expected] = [torchCases[operator]![name]!, fixture[operator]![name]!];
      const call = drawCall(`${operator}: ${name}`, expected);
      const shapes = expected.inputs.map(({ shape }) => shape);
      const isFixed = expected.inputs.map(({ fixed = false }) => fixed);
      const graph = gradientGraph({ shapes, build, isFixed }, "float64");
      expect(graph.shape).toEqual(expected.shape);
      expectClose(interpretGradients(graph, call), expected, 1e-10);
      const [inFloat32] = await runGradients(gradientGraph({ shapes, build, isFixed }, "float32"), [call]);
      expectClose(inFloat32!, expected, 1e-5);
    });
  });
});
