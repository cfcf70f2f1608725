import { describe, expect, it } from "vitest";
import { readImportedNodes } from "../../../../../tests/ops/reference/imported-nodes-fixture.ts";
import { createGraphBuilder } from "../graph-builder.ts";
import { elementTypes } from "../onnx-model.ts";
import { applyModel } from "./apply-model.ts";
import { foldingKernels } from "./folding-kernels.ts";
import { modelOfFormulas, type Formula, type Formulas } from "./import-testing/formulas.ts";
import { inputsOfNode, modelOfNode, outputsOfNode } from "./import-testing/node-model.ts";
import { run, runApplied, type NamedValues, type Values } from "./import-testing/run-applied.ts";
import { bools, floats, integer, integers } from "./import-testing/values.ts";

const x = floats([2, 3, 4], "x");
const to = (type: keyof typeof elementTypes) => ({ Cast: { to: { int: elementTypes[type] } } });
const filledWith = (value: Values) => ({ ConstantOfShape: { value: { tensor: value } } });

interface Written extends Pick<Formulas, "tensors" | "constants" | "attributes"> {
  readonly opset?: number;
  /** The operators that are left. */
  readonly left: readonly string[];
}

const sizeAt = (axis: string): Formula => ["Gather", ["Shape", "x"], axis];
const entry = (formula: Formula): Formula => ["Unsqueeze", formula, "axis0"];
const common = {
  axis0: integers(0),
  zero: integer(0),
  first: integer(1),
  last: integer(-1),
  two: integer(2),
  rest: integers(-1),
};

const written: Readonly<Record<string, Written>> = {
  "rows, as torch.flatten and view have them": {
    tensors: { y: ["Reshape", "x", ["Concat", entry(sizeAt("zero")), "rest"]] },
    attributes: { Concat: { axis: { int: 0 } } },
    left: ["Reshape"],
  },
  "rows, with axes as attributes": {
    opset: 11,
    tensors: {
      y: [
        "Reshape",
        "x",
        ["Concat", ["Unsqueeze", sizeAt("zero")], ["Unsqueeze", ["Mul", sizeAt("first"), sizeAt("last")]]],
      ],
    },
    attributes: { Concat: { axis: { int: 0 } }, Unsqueeze: { axes: { ints: [0] } } },
    left: ["Reshape"],
  },
  "a size by reducing a slice": {
    tensors: {
      y: ["Reshape", "x", ["Concat", ["ReduceProd", ["Slice", ["Shape", "x"], "from1", "to3", "axis0"]], "rest"]],
    },
    constants: { from1: integers(1), to3: integers(1000) },
    attributes: { Concat: { axis: { int: 0 } } },
    left: ["Reshape"],
  },
  "the number of values": {
    tensors: { y: ["Reshape", "x", entry(["Div", ["Size", "x"], "first"])] },
    left: ["Reshape"],
  },
  "sizes that are put in where -1 stands, as torch.expand has them": {
    tensors: {
      ones: ["ConstantOfShape", ["Shape", "asked"]],
      sizes: ["Where", ["Equal", "asked", ["Mul", "ones", "minus"]], "ones", "asked"],
      y: ["Expand", "x", "sizes"],
    },
    constants: { asked: integers(5, -1, -1, 4), minus: integer(-1) },
    attributes: filledWith(integers(1)),
    left: ["Expand"],
  },
  "whole numbers, divided and cut off": {
    // 7 / 2 is 3, -7 / 2 is -3, and -7 mod 2 is 1.
    tensors: {
      y: ["Add", "x", ["Cast", ["Sub", ["Div", "n", "two"], ["Mul", ["Mod", "n", "two"], "ten"]]]],
    },
    constants: { n: integers(7, -7, 6, -1), ten: integer(10) },
    attributes: to("float32"),
    left: ["Add"],
  },
  "twice the size, by way of floats": {
    tensors: {
      doubled: ["Cast:back", ["Floor", ["Mul", ["Cast", ["Slice", ["Shape", "x"], "from1", "to3", "axis0"]], 2]]],
      y: ["Reshape", "x", ["Concat", "rest", "doubled"]],
    },
    constants: { from1: integers(2), to3: integers(3) },
    attributes: { ...to("float32"), Concat: { axis: { int: 0 } }, "Cast:back": { to: { int: elementTypes.int64 } } },
    left: ["Reshape"],
  },
  "a table of positions": {
    tensors: {
      steps: ["Cast", ["Range", "zero", sizeAt("last"), "first"]],
      angles: ["Div", ["Unsqueeze", "steps", "axis0"], ["Pow", "base", ["Unsqueeze", "steps", "behind"]]],
      y: ["Add", ["MatMul", "x", ["Add", ["Sin", "angles"], ["Cos", "angles"]]], 0],
    },
    constants: { base: { type: "float32", shape: [], values: [1.7] }, behind: integers(1) },
    attributes: to("float32"),
    left: ["Reshape", "MatMul", "Reshape", "Add"],
  },
  "a mask of what comes later": {
    opset: 14,
    tensors: {
      ones: ["ConstantOfShape", ["Concat", entry(sizeAt("last")), entry(sizeAt("last"))]],
      mask: ["Where", ["Equal", ["Trilu", "ones", "first"], 1], -100, 0],
      y: ["Add", ["MatMul", "x", "mask"], "mask0"],
    },
    constants: { mask0: floats([4], "mask0") },
    attributes: {
      Concat: { axis: { int: 0 } },
      Trilu: { upper: { int: 1 } },
      ...filledWith({ type: "float32", shape: [1], values: [1] }),
    },
    left: ["Reshape", "MatMul", "Reshape", "Add"],
  },
  "truth values": {
    tensors: {
      mask: ["Or", ["And", "a", ["Not", "b"]], ["Xor", "a", ["Less", "ids", "two"]]],
      y: ["Where", "mask", "x", 0],
    },
    constants: { a: bools([4], 1, 0, 1, 0), b: bools([4], 1, 1, 0, 0), ids: integers(0, 1, 2, 3) },
    left: ["Where"],
  },
  "numbers of windows, put in place by place": {
    tensors: {
      grid: ["ScatterND", ["ConstantOfShape", "square"], "places", "numbers"],
      near: ["Sub", ["Unsqueeze", "grid", "axis0"], ["Unsqueeze", "grid", "behind"]],
      mask: ["Where", ["Not", ["Equal", "near", 0]], -100, 0],
      y: ["Add", "x", ["ReduceSum", "mask", "two axes"]],
    },
    constants: {
      square: integers(2, 4),
      behind: integers(1),
      "two axes": integers(0, 1),
      places: { type: "int64", shape: [2, 1], values: [-1, 0] },
      numbers: { type: "float32", shape: [2, 4], values: [0, 1, 2, 3, 0, 0, 1, 1] },
    },
    attributes: { ...filledWith({ type: "float32", shape: [1], values: [0] }), ReduceSum: { keepdims: { int: 0 } } },
    left: ["Add"],
  },
  "places that are counted": {
    tensors: {
      ids: ["Mul", ["CumSum", "mask", "last"], "mask"],
      y: ["Gather", "x", ["Sub", "ids", "mask"]],
    },
    constants: { mask: integers(1, 1, 0, 1) },
    attributes: { Gather: { axis: { int: 2 } } },
    left: ["Gather"],
  },
  "floats, rounded at every step": {
    tensors: {
      s: ["Div", ["Mul", ["Sqrt", ["Cast", sizeAt("first")]], 0.1], 3],
      y: ["Mul", "x", ["Sub", "s", ["Exp", "s"]]],
    },
    attributes: to("float32"),
    left: ["Mul"],
  },
  "bounds beyond every size": {
    tensors: { y: ["Slice", "x", ["Neg", "from1"], ["Concat", "end"], "axis0"] },
    constants: { from1: integers(1), end: integers(2 ** 63) },
    attributes: { Concat: { axis: { int: 0 } } },
    left: ["Slice"],
  },
};

describe("what exporters work sizes out with is left out", () => {
  it.each(Object.entries(written))("%s", async (_, { opset = 13, tensors, constants = {}, attributes = {}, left }) => {
    const inputs: NamedValues = { x };
    const model = modelOfFormulas({ opset, inputs, constants: { ...common, ...constants }, attributes, tensors });
    const { results, foretold, model: applied } = await runApplied(model, { inputs, tensors: ["y"] });
    const [expected] = await run(model, inputs, ["y"]);
    const found = results.get("y")!;
    expect(found.shape).toEqual(expected!.shape);
    expect(foretold.get("y")?.shape).toEqual(expected!.shape);
    const worst = Math.max(...found.values.map((value, at) => Math.abs(value - expected!.values[at]!)));
    expect(worst).toBeLessThan(1e-6);
    const operators = (applied.graph.node ?? []).map(({ opType }) => opType);
    expect(operators.filter((operator) => operator !== "Identity")).toEqual(left);
  });
});

it("rounds floats at every step, as the engine does", async () => {
  const tensors: Formulas["tensors"] = { s: ["Div", ["Mul", ["Sqrt", ["Cast", sizeAt("first")]], 0.1], 3] };
  const model = modelOfFormulas({ opset: 13, inputs: { x }, constants: common, attributes: to("float32"), tensors });
  const { results, folded } = await runApplied(model, { inputs: { x }, tensors: ["s"] });
  const [expected] = await run(model, { x }, ["s"]);
  expect(folded).toEqual(["s"]);
  expect(results.get("s")?.values).toEqual(expected?.values);
  const roundedOnce = Math.fround((Math.sqrt(3) * Math.fround(0.1)) / 3);
  expect(results.get("s")?.values).not.toEqual([roundedOnce]);
});

it.each([
  ["divided by zero", ["Div", "sevens", "zero"]],
  ["cut off from what is no number", ["Cast", ["Sqrt", -1]]],
] as const)("leaves whole numbers to the engine that are %s", (_, formula) => {
  const sevens = integers(7, -7);
  const model = modelOfFormulas({
    opset: 13,
    inputs: { x },
    constants: { ...common, sevens },
    attributes: to("int64"),
    tensors: { y: formula },
  });
  const graph = createGraphBuilder();
  const inputs = { x: graph.input("x", x.shape) };
  const y = applyModel(graph, model, { file: "test.onnx", inputs, tensors: ["y"] }).get("y")!;
  expect([y.type, graph.isConstant(y)]).toEqual(["int64", false]);
});

describe("an operator of constants is a constant", () => {
  const cases = readImportedNodes()
    .filter(({ operator }) => foldingKernels.has(operator))
    // Values are combined with what was there.
    .filter(({ operator, attributes }) => !(operator === "ScatterND" && "reduction" in attributes))
    .map((each) => [`${each.operator}: ${each.name}`, each] as const);

  it("for each that is folded", () => {
    expect(new Set(cases.map(([, { operator }]) => operator))).toEqual(new Set(foldingKernels.keys()));
  });

  it.each(cases)("%s", async (_, each) => {
    const use = { inputs: inputsOfNode(each), tensors: outputsOfNode(each), isKnown: true };
    const { folded } = await runApplied(modelOfNode(each), use);
    expect(folded).toEqual(use.tensors);
  });
});
