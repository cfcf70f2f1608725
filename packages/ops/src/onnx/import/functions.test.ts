import { describe, expect, it } from "vitest";
import type { OnnxFunction, OnnxGraph, OnnxModel, OnnxNode } from "../onnx-model.ts";
import { attributeOf, modelOf, node, tensorOf } from "./import-testing/model-of.ts";
import { run, runApplied } from "./import-testing/run-applied.ts";
import { bools, float, floats, integer } from "./import-testing/values.ts";

const domain = "local";
const standard = { domain: "", version: 13 };
const x = floats([2, 3], "x");

function calling(call: OnnxNode, functions: readonly OnnxFunction[], opset = 13): OnnxModel {
  const { opsetImport = [], ...model } = modelOf({
    opset,
    inputs: { x: { shape: [2, 3] } },
    constants: { least: float(-0.5) },
    nodes: [{ ...call, domain }],
    outputs: ["y"],
    functions,
  });
  return { ...model, opsetImport: [...opsetImport, { domain, version: 1 }] };
}

/** LeakyRelu by an attribute of the call, then Elu by one that has a default, then a bound that may be left out. */
const bent: OnnxFunction = {
  name: "Bent",
  domain,
  input: ["a", "least"],
  output: ["result"],
  attribute: ["slope"],
  attributeProto: [attributeOf("height", { float: 0.5 })],
  opsetImport: [standard],
  node: [
    node("LeakyRelu", ["a"], ["leaky"], { alpha: { of: "slope" } }),
    node("Elu", ["leaky"], ["elu"], { alpha: { of: "height" } }),
    node("Clip", ["elu", "least"], ["result"]),
  ],
};

/** Calls the other twice, with an attribute of its own in place of that one's. */
const twice: OnnxFunction = {
  name: "Twice",
  domain,
  input: ["a"],
  output: ["result"],
  attribute: ["steepness"],
  opsetImport: [standard, { domain, version: 1 }],
  node: [
    { ...node("Bent", ["a"], ["once"], { slope: { of: "steepness" }, height: { float: 2 } }), domain },
    { ...node("Bent", ["once", ""], ["result"], { slope: { of: "steepness" } }), domain },
  ],
};

async function expectSame(model: OnnxModel): Promise<void> {
  const { results, model: applied } = await runApplied(model, { inputs: { x }, tensors: ["y"] });
  const [expected] = await run(model, { x }, ["y"]);
  expected!.values.forEach((value, at) => expect(results.get("y")!.values[at]).toBeCloseTo(value, 6));
  expect(applied.functions).toBeUndefined();
}

describe("functions that a file defines", () => {
  const calls: Readonly<Record<string, OnnxNode>> = {
    "with all attributes": node("Bent", ["x", "least"], ["y"], { slope: { float: 0.25 }, height: { float: 3 } }),
    "with a default": node("Bent", ["x", "least"], ["y"], { slope: { float: 0.25 } }),
    "without an optional input": node("Bent", ["x"], ["y"], { slope: { float: 0.25 } }),
    "with an optional input without a name": node("Bent", ["x", ""], ["y"], { slope: { float: 0.25 } }),
    "without an attribute that has a default in ONNX": node("Bent", ["x"], ["y"]),
    "inside of each other": node("Twice", ["x"], ["y"], { steepness: { float: 0.3 } }),
  };
  it.each(Object.entries(calls))("are worked out %s", (_, call) => expectSame(calling(call, [bent, twice])));

  it("are told by their overloads", async () => {
    const named = (overload: string, operator: string): OnnxFunction => {
      return {
        name: "Op",
        overload,
        domain,
        input: ["a"],
        output: ["b"],
        opsetImport: [standard],
        node: [node(operator, ["a"], ["b"])],
      };
    };
    const model = calling({ ...node("Op", ["x"], ["y"]), overload: "second" }, [
      named("", "Abs"),
      named("second", "Neg"),
    ]);
    const { results } = await runApplied({ ...model, irVersion: 10 }, { inputs: { x }, tensors: ["y"] });
    expect(results.get("y")?.values).toEqual(x.values.map((value) => -value));
  });

  // Before operator set 13 all axes count as one here, so that all values together make 1, and not each of three columns.
  it.each([
    ["an older one", { model: 13, own: [{ domain: "", version: 11 }], sum: 1 }],
    ["a newer one", { model: 11, own: [{ domain: "", version: 13 }], sum: 3 }],
    ["the model's, where they name none", { model: 11, own: [], sum: 1 }],
  ])("are written for an operator set of their own: %s", async (_, { model, own, sum }) => {
    const softmax = [node("Softmax", ["a"], ["b"], { axis: { int: 0 } })];
    const shares: OnnxFunction = {
      name: "Shares",
      domain,
      input: ["a"],
      output: ["b"],
      opsetImport: own,
      node: softmax,
    };
    const calls = calling(node("Shares", ["x"], ["y"]), [shares], model);
    const { results } = await runApplied(calls, { inputs: { x }, tensors: ["y"] });
    expect(results.get("y")!.values.reduce((all, value) => all + value, 0)).toBeCloseTo(sum, 5);
  });

  it("are left out where their results are not read", async () => {
    const both: OnnxFunction = {
      name: "Both",
      domain,
      input: ["a"],
      output: ["b", "c"],
      opsetImport: [standard],
      node: [node("Abs", ["a"], ["b"]), { ...node("Imagined", ["a"], ["c"]), domain: "far.away" }],
    };
    const { results } = await runApplied(calling(node("Both", ["x"], ["y"]), [both]), {
      inputs: { x },
      tensors: ["y"],
    });
    expect(results.get("y")?.values).toEqual(x.values.map(Math.abs));
  });

  it("may hold branches that read attributes of the call", async () => {
    const branch = (operator: string): OnnxGraph => {
      return {
        name: operator,
        node: [node(operator, ["a"], ["r"], { alpha: { of: "slope" } })],
        output: [{ name: "r" }],
      };
    };
    const choosing: OnnxFunction = {
      name: "Choosing",
      domain,
      input: ["a"],
      output: ["b"],
      attribute: ["slope"],
      opsetImport: [standard],
      node: [
        node("Constant", [], ["yes"], { value: { tensor: bools([], 1) } }),
        node("If", ["yes"], ["b"], {
          then_branch: { graph: branch("LeakyRelu") },
          else_branch: { graph: branch("Elu") },
        }),
      ],
    };
    const model = calling(node("Choosing", ["x"], ["y"], { slope: { float: 0.25 } }), [choosing]);
    const { results } = await runApplied(model, { inputs: { x }, tensors: ["y"] });
    expect(results.get("y")?.values).toEqual(x.values.map((value) => (value < 0 ? value / 4 : value)));
  });
});

describe("an If whose condition is known is its branch", () => {
  const own = floats([20, 3], "outside");
  const branch = (name: string, operator: string): OnnxGraph => ({
    name,
    node: [node(operator, ["x", "own"], ["result"]), { ...node("Imagined", ["x"], ["unread"]), domain: "far.away" }],
    initializer: [{ ...tensorOf(floats([20, 3], name)), name: "own" }],
    output: [{ name: "result" }, { name: "unread" }],
  });
  const conditions: Readonly<Record<string, readonly [nodes: readonly OnnxNode[], rows: number, operator: string]>> = {
    "the file says so": [[node("Identity", ["yes"], ["condition"])], 20, "Add"],
    "the file says otherwise": [[node("Not", ["yes"], ["condition"])], 20, "Sub"],
    "sizes say so": [
      [
        node("Shape", ["x"], ["sizes"]),
        node("Gather", ["sizes", "first"], ["rows"]),
        node("Equal", ["rows", "one"], ["condition"]),
      ],
      1,
      "Add",
    ],
  };
  it.each(Object.entries(conditions))("where %s", async (_, [nodes, rows, operator]) => {
    const choice = node("If", ["condition"], ["a", ""], {
      then_branch: { graph: branch("then", "Add") },
      else_branch: { graph: branch("else", "Sub") },
    });
    const model = modelOf({
      opset: 13,
      inputs: { x: { shape: ["rows", 3] } },
      constants: { own, yes: bools([], 1), first: integer(0), one: integer(1) },
      nodes: [...nodes, choice, node("Mul", ["a", "own"], ["y"])],
      outputs: ["y"],
    });
    const given = floats([rows, 3], "given");
    const { results } = await runApplied(model, { inputs: { x: given }, tensors: ["y"] });
    const inner = floats([20, 3], operator === "Add" ? "then" : "else");
    results.get("y")!.values.forEach((value, at) => {
      const [outer, read] = [given.values[at % given.values.length]!, inner.values[at]!];
      expect(value).toBeCloseTo((operator === "Add" ? outer + read : outer - read) * own.values[at]!, 5);
    });
  });
});
