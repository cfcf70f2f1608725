import { describe, expect, it } from "vitest";
import type { OnnxModel } from "../onnx-model.ts";
import { modelOfFormulas, type Formula, type Formulas } from "./import-testing/formulas.ts";
import { run, runApplied } from "./import-testing/run-applied.ts";
import { floats } from "./import-testing/values.ts";

const shape = [2, 3, 4];

const constants = {
  w: floats([4], "w"),
  b: floats([4], "b"),
  one: { type: "float32", shape: [1], values: [1] },
  deep: { type: "float32", shape: [1, 1, 1, 1], values: [0.5] },
  narrow: floats([1], "narrow"),
  tall: floats([3, 1], "tall"),
  long: floats([2, 3, 4], "long"),
} as const;

interface Written extends Pick<Formulas, "tensors"> {
  readonly opset?: number;
  readonly attributes?: Formulas["attributes"];
}

/** The operators that a model comes to, after its values were held against those of the model itself. */
async function operatorsOf({ opset = 13, tensors, attributes = {} }: Written): Promise<readonly string[]> {
  const inputs = { x: floats(shape, "x"), z: floats(shape, "z") };
  const model = modelOfFormulas({ opset, inputs, constants, tensors, attributes });
  const output = Object.keys(tensors).at(-1)!;
  const { results, model: applied } = await runApplied(model, { inputs, tensors: [output] });
  const [expected] = await run(model, inputs, [output]);
  const found = results.get(output)!;
  expect(found.shape).toEqual(expected!.shape);
  const worst = Math.max(...found.values.map((value, at) => Math.abs(value - expected!.values[at]!)));
  expect(worst).toBeLessThan(1e-5);
  return operatorNames(applied);
}

/** But for the identity that an output is. */
function operatorNames({ graph }: OnnxModel): readonly string[] {
  return (graph.node ?? []).map(({ opType = "" }) => opType).filter((operator) => operator !== "Identity");
}

const erf: Formula = ["Erf", ["Div", "x", Math.SQRT2]];
const tanhOf = (argument: Formula): Formula => ["Tanh", argument];
const cube: Formula = ["Mul", 0.044715, ["Pow", "x", 3]];
const slope = Math.sqrt(2 / Math.PI);
const tanh: Formula = tanhOf(["Mul", slope, ["Add", "x", cube]]);

describe("GELU becomes one node", () => {
  const forms: Readonly<Record<string, Readonly<Record<string, Formula>>>> = {
    "as PyTorch has it": { y: ["Mul", ["Mul", "x", ["Add", erf, 1]], 0.5] },
    "halved first": { y: ["Mul", ["Mul", "x", 0.5], ["Add", 1, erf]] },
    "halved last, from the left": { y: ["Mul", 0.5, ["Mul", ["Add", 1, erf], "x"]] },
    "the sum halved": { y: ["Mul", "x", ["Mul", ["Add", erf, 1], 0.5]] },
    "a quotient of x": { y: ["Mul", ["Div", "x", 2], ["Add", erf, 1]] },
    "a quotient of the sum": { y: ["Mul", ["Div", ["Add", erf, 1], 2], "x"] },
    "halved inside of the sum": { y: ["Mul", "x", ["Add", 0.5, ["Mul", 0.5, erf]]] },
    "a product in place of the quotient": {
      y: ["Mul", ["Mul", "x", 0.5], ["Add", ["Erf", ["Mul", 0.7071067811865476, "x"]], 1]],
    },
    "in few digits": { y: ["Mul", ["Mul", "x", 0.5], ["Add", ["Erf", ["Mul", "x", 0.70711]], 1]] },
    "a constant of one axis": { y: ["Mul", ["Mul", "x", 0.5], ["Add", erf, "one"]] },
    "of a product": {
      h: ["Mul", "x", "w"],
      y: ["Mul", ["Mul", 0.5, "h"], ["Add", 1, ["Erf", ["Div", "h", Math.SQRT2]]]],
    },
    "of a quotient by a constant": {
      h: ["Div", "x", 3],
      y: ["Mul", ["Mul", 0.5, "h"], ["Add", 1, ["Erf", ["Mul", "h", Math.SQRT1_2]]]],
    },
  };
  it.each(Object.entries(forms))("%s", async (_, tensors) => {
    const inner = "h" in tensors ? [(tensors["h"] as readonly string[])[0]] : [];
    expect(await operatorsOf({ tensors })).toEqual([...inner, "Gelu"]);
  });

  const bent: Readonly<Record<string, Readonly<Record<string, Formula>>>> = {
    "with a power": { y: ["Mul", ["Mul", 0.5, "x"], ["Add", 1, tanh]] },
    "halved last": { y: ["Mul", ["Mul", "x", ["Add", tanh, 1]], 0.5] },
    "halved inside of the sum": { y: ["Mul", ["Add", 0.5, ["Mul", tanh, 0.5]], "x"] },
    "with products": {
      y: [
        "Mul",
        ["Mul", 0.5, "x"],
        ["Add", 1, tanhOf(["Mul", ["Add", ["Mul", ["Mul", "x", "x"], ["Mul", "x", 0.044715]], "x"], slope])],
      ],
    },
    "with x taken out": {
      y: [
        "Mul",
        ["Mul", "x", 0.5],
        ["Add", 1, tanhOf(["Mul", ["Mul", "x", 0.7978845608], ["Add", 1, ["Mul", ["Mul", 0.044715, "x"], "x"]]])],
      ],
    },
    "of a product": {
      h: ["Mul", "x", "w"],
      y: [
        "Mul",
        ["Mul", 0.5, "h"],
        ["Add", 1, tanhOf(["Mul", slope, ["Add", "h", ["Mul", 0.044715, ["Pow", "h", 3]]]])],
      ],
    },
  };
  it.each(Object.entries(bent))("by tanh, %s", async (_, tensors) => {
    expect(await operatorsOf({ tensors })).toEqual(["h" in tensors ? ["Mul"] : [], "Gelu"].flat());
  });

  it("also where what it is made of is read elsewhere", async () => {
    const tensors: Readonly<Record<string, Formula>> = {
      s: ["Add", erf, 1],
      g: ["Mul", ["Mul", "x", 0.5], "s"],
      y: ["Sub", "g", "s"],
    };
    expect(await operatorsOf({ tensors })).toEqual(["Div", "Erf", "Add", "Gelu", "Sub"]);
  });

  const misses: Readonly<Record<string, Formula>> = {
    "another factor": ["Mul", ["Mul", "x", 0.51], ["Add", erf, 1]],
    "another divisor": ["Mul", ["Mul", "x", 0.5], ["Add", ["Erf", ["Div", "x", 1.5]], 1]],
    "another addend": ["Mul", ["Mul", "x", 0.5], ["Add", erf, 1.5]],
    "the sum of another tensor": ["Mul", ["Mul", "z", 0.5], ["Add", erf, 1]],
    "a tensor more": ["Mul", ["Mul", "x", ["Mul", "z", 0.5]], ["Add", erf, 1]],
    "x twice": ["Mul", ["Mul", "x", ["Mul", "x", 0.5]], ["Add", erf, 1]],
    "the sum twice": ["Mul", ["Mul", ["Add", erf, 1], 0.5], ["Add", erf, 1]],
    "a half of more axes": ["Mul", ["Mul", "x", "deep"], ["Add", erf, 1]],
    "another bend": [
      "Mul",
      ["Mul", 0.5, "x"],
      ["Add", 1, tanhOf(["Mul", slope, ["Add", "x", ["Mul", 0.0447, ["Pow", "x", 3]]]])],
    ],
    "another power": [
      "Mul",
      ["Mul", 0.5, "x"],
      ["Add", 1, tanhOf(["Mul", slope, ["Add", "x", ["Mul", 0.044715, ["Pow", "x", 2]]]])],
    ],
    "another slope": ["Mul", ["Mul", 0.5, "x"], ["Add", 1, tanhOf(["Mul", 0.8, ["Add", "x", cube]])]],
    "a bend of another tensor": ["Mul", ["Mul", 0.5, "x"], ["Add", 1, tanhOf(["Mul", slope, ["Add", "z", cube]])]],
    "no bend": ["Mul", ["Mul", 0.5, "x"], ["Add", 1, tanhOf(["Mul", slope, "x"])]],
  };
  it.each(Object.entries(misses))("but not with %s", async (_, y) => {
    const operators = await operatorsOf({ tensors: { y } });
    expect(operators).not.toContain("Gelu");
  });
});

const mean: Formula = ["ReduceMean", "x"];
const squares = { power: ["Pow", "d", 2], product: ["Mul", "d", "d"] } as const;

/** (x - mean x) / √(mean (x - mean x)² + ε), and what is made of it. */
function normalised(square: Formula, y: Formula, d: Formula = ["Sub", "x", mean]): Readonly<Record<string, Formula>> {
  return { d, n: ["Div", "d", ["Sqrt", ["Add", ["ReduceMean", square], 1e-5]]], y };
}

const lastAxis = { ReduceMean: { axes: { ints: [-1] } } };
const affine: Formula = ["Add", ["Mul", "n", "w"], "b"];

describe("LayerNormalization becomes one node", () => {
  const forms: Readonly<Record<string, Written>> = {
    "with a power": { tensors: normalised(squares.power, affine), attributes: lastAxis },
    "with a product": { tensors: normalised(squares.product, affine), attributes: lastAxis },
    "weight and bias from the left": {
      tensors: normalised(squares.power, ["Add", "b", ["Mul", "w", "n"]]),
      attributes: lastAxis,
    },
    "epsilon from the left": {
      tensors: {
        ...normalised(squares.power, affine),
        n: ["Div", "d", ["Sqrt", ["Add", 1e-6, ["ReduceMean", squares.power]]]],
        y: affine,
      },
      attributes: lastAxis,
    },
    "the axis from the beginning": {
      tensors: normalised(squares.power, affine),
      attributes: { ReduceMean: { axes: { ints: [2] } } },
    },
  };
  it.each(Object.entries(forms))("%s", async (_, written) => {
    expect(await operatorsOf(written)).toEqual(["LayerNormalization"]);
  });

  const misses: Readonly<Record<string, Written>> = {
    "another power": { tensors: normalised(["Pow", ["Abs", "d"], 2.5], affine), attributes: lastAxis },
    "a product of another tensor": { tensors: normalised(["Mul", "d", "x"], affine), attributes: lastAxis },
    "the difference turned round": {
      tensors: normalised(squares.power, affine, ["Sub", mean, "x"]),
      attributes: lastAxis,
    },
    "the mean of another tensor": {
      tensors: normalised(squares.power, affine, ["Sub", "x", ["ReduceMean", "z"]]),
      attributes: lastAxis,
    },
    "another axis": { tensors: normalised(squares.power, affine), attributes: { ReduceMean: { axes: { ints: [1] } } } },
    "two axes": { tensors: normalised(squares.power, affine), attributes: { ReduceMean: { axes: { ints: [1, 2] } } } },
    "a weight of one entry": {
      tensors: normalised(squares.power, ["Add", ["Mul", "n", "narrow"], "b"]),
      attributes: lastAxis,
    },
    "a bias per row": { tensors: normalised(squares.power, ["Add", ["Mul", "n", "w"], "tall"]), attributes: lastAxis },
    "a weight of the whole shape": {
      tensors: normalised(squares.power, ["Add", ["Mul", "n", "long"], "b"]),
      attributes: lastAxis,
    },
    "no bias": { tensors: normalised(squares.power, ["Mul", "n", "w"]), attributes: lastAxis },
  };
  it.each(Object.entries(misses))("but not with %s", async (_, written) => {
    expect(await operatorsOf(written)).not.toContain("LayerNormalization");
  });
});
