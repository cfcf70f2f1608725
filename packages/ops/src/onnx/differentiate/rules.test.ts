import { describe, expect, it } from "vitest";
import type { Draw } from "./gradient-testing/drawing.ts";
import { drawings } from "./gradient-testing/drawings.ts";
import {
  gradientGraph,
  interpretGradients,
  interpretValue,
  runGradients,
  type GradientCall,
  type GradientGraph,
} from "./gradient-testing/gradient-graph.ts";
import { randomOf, type Random } from "./gradient-testing/random.ts";
import { sizeOf } from "../interpreter/tensor.ts";
import { gradientRules } from "./rules.ts";

/** The gradients of every entry of every input, by central differences of the interpreter's float64. */
function differences(graph: GradientGraph, { inputs, upstream }: GradientCall): readonly Float64Array[] {
  const step = 1e-5;
  const loss = (): number => interpretValue(graph, inputs).reduce((sum, value, at) => sum + value * upstream[at]!, 0);
  return inputs.map(({ data }) =>
    data.map((value, at) => {
      data[at] = value + step;
      const above = loss();
      data[at] = value - step;
      const below = loss();
      data[at] = value;
      return (above - below) / (2 * step);
    }),
  );
}

/** The rule against differences, and what onnxruntime makes of the same graph in float32 against both. */
async function checkGradients(draw: Draw, random: Random): Promise<void> {
  const weights = Array.from({ length: 4096 }, () => random.fraction() + 0.25);
  const graph = gradientGraph(draw, "float64");
  const [least, most] = draw.range ?? [-2, 2];
  const inputs = draw.shapes.map((dims) => ({
    dims,
    // Values that float32 holds too, so that both see the same.
    data: Float64Array.from({ length: sizeOf(dims) }, () => Math.fround(least + random.fraction() * (most - least))),
  }));
  const call = { inputs, upstream: weights.slice(0, sizeOf(graph.shape)) };
  const expected = differences(graph, call);
  const { gradients } = interpretGradients(graph, call);
  const [inFloat32] = await runGradients(gradientGraph(draw, "float32"), [call]);
  expected.forEach((input, place) => {
    const [shape, ofInput] = [graph.gradientShapes[place] ?? null, gradients[place] ?? null];
    if (shape !== null) expect(shape).toEqual(draw.shapes[place]);
    input.forEach((difference, at) => {
      // Where the loss does not depend on an input, there is no gradient.
      const gradient = ofInput?.[at] ?? 0;
      expect(gradient).toBeCloseTo(difference, 6);
      const distance = Math.abs((inFloat32?.gradients[place]?.[at] ?? 0) - gradient);
      expect(distance).toBeLessThan(2e-4 * Math.max(1, Math.abs(gradient)));
    });
  });
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
