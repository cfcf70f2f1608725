import { describe, expect, it } from "vitest";
import { createGraphBuilder, type GraphScope, type GraphTensor } from "../graph-builder.ts";
import type { OnnxModel } from "../onnx-model.ts";
import { add } from "../operators/arithmetic.ts";
import { loop } from "../operators/loops.ts";
import { applyModel } from "./apply-model.ts";
import { modelOf, node } from "./import-testing/model-of.ts";
import { run, runApplied } from "./import-testing/run-applied.ts";
import { floats } from "./import-testing/values.ts";

const x = floats([2, 3], "x");

/** A model of x + w, with a w of its own that is long enough to be a weight. */
function adding(name: string): OnnxModel {
  return modelOf({
    opset: 13,
    inputs: { x: { shape: ["batch", 40] } },
    constants: { w: floats([40], name) },
    nodes: [node("Add", ["x", "w"], ["y"])],
    outputs: ["y"],
  });
}

describe("a graph may apply", () => {
  const given = floats([2, 40], "given");

  it("two models whose weights have the same names", async () => {
    const graph = createGraphBuilder();
    const input = graph.input("x", given.shape);
    for (const name of ["one", "other"]) {
      const use = { file: name, inputs: { x: input }, tensors: ["y"] };
      graph.output(name, applyModel(graph, adding(name), use).get("y")!);
    }
    const model = graph.toModel("two");
    expect(model.graph.initializer?.map(({ name }) => name)).toEqual(["file:w", "file:w:2"]);
    const found = await run(model, { x: given }, ["one", "other"]);
    for (const [place, name] of ["one", "other"].entries()) {
      expect(found[place]?.values).toEqual(
        given.values.map((value, at) => Math.fround(value + Math.fround(floats([40], name).values[at % 40]!))),
      );
    }
  });

  it("a model twice, and inside of a loop, with its weights once", async () => {
    const graph = createGraphBuilder();
    const input = graph.input("x", given.shape);
    const once = (scope: GraphScope, tensor: GraphTensor) =>
      applyModel(scope, adding("w"), { file: "w", inputs: { x: tensor }, tensors: ["y"] }).get("y")!;
    const { state } = loop(graph, {
      trips: graph.integers(3),
      state: [once(graph, once(graph, input))],
      body: (body, _, [before]) => ({ state: [once(body, before!)], kept: [] }),
    });
    graph.output("y", state[0]!);
    const model = graph.toModel("again");
    expect((model.graph.initializer ?? []).filter(({ name }) => name?.startsWith("file:"))).toHaveLength(1);
    const [found] = await run(model, { x: given }, ["y"]);
    const weights = floats([40], "w").values;
    found!.values.forEach((value, at) => expect(value).toBeCloseTo(given.values[at]! + 5 * weights[at % 40]!, 5));
  });
});

it("leaves out what the wanted tensors do not need, and can want inputs and inner tensors", async () => {
  const model = modelOf({
    opset: 13,
    inputs: { x: { shape: [2, 3] } },
    nodes: [
      node("Relu", ["x"], ["inner"]),
      // An optional result without a name is no result of another node's optional input.
      { ...node("Imagined", ["inner"], ["far", ""]), domain: "far.away" },
      node("Clip", ["inner", "", ""], ["y"]),
    ],
    outputs: ["far", "y"],
  });
  const { results } = await runApplied(model, { inputs: { x }, tensors: ["x", "inner", "y"] });
  const positive = x.values.map((value) => Math.fround(Math.max(0, value)));
  expect(results.get("x")?.values).toEqual(x.values.map(Math.fround));
  expect(results.get("inner")?.values).toEqual(positive);
  expect(results.get("y")?.values).toEqual(positive);
});

it("puts other tensors in the place of weights, and of what nodes give", () => {
  const graph = createGraphBuilder();
  const [input, weight] = [graph.input("x", [2, 40]), graph.input("moving", [40])];
  const seen: (readonly string[])[] = [];
  applyModel(graph, adding("w"), {
    file: "model.onnx",
    inputs: { x: input },
    tensors: ["y"],
    weightOf: (name) => (name === "w" ? weight : null),
    rewrite: ({ operator, inputNames, graph: scope }, addNode) => {
      seen.push([operator, ...inputNames]);
      return [add(scope, addNode()[0]!, input)];
    },
  });
  expect(seen).toEqual([["Add", "x", "w"]]);
  expect(graph.nodes.map(({ inputs, origin }) => [...inputs.map((each) => each?.name), origin])).toEqual([
    ["x", "moving", "the y"],
    ["Add:0", "x", "the y"],
  ]);
});
