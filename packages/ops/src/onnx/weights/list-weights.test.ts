import { describe, expect, it } from "vitest";
import { elementTypes, type OnnxModel, type OnnxNode, type OnnxTensor } from "../onnx-model.ts";
import { readModel } from "../read-model.ts";
import { writeModel } from "../write-model.ts";
import { listWeights } from "./list-weights.ts";

function tensor(name: string, dims: readonly number[], type: keyof typeof elementTypes = "float32"): OnnxTensor {
  return { name, dims, dataType: elementTypes[type] };
}

function node(opType: string, input: readonly string[], output: string): OnnxNode {
  return { opType, input, output: [output] };
}

/** Through the bytes of a file, as models come. */
async function rolesOf(
  { graph, functions = [] }: OnnxModel,
  wanted: readonly string[] | null = null,
): Promise<Readonly<Record<string, string>>> {
  const model = await readModel(
    await writeModel({ graph: { output: [{ name: "y" }], ...graph }, functions }),
    "m.onnx",
  );
  return Object.fromEntries(listWeights(model, wanted).map(({ name, role }) => [name, role]));
}

describe("listWeights", () => {
  it("tells weights from moments and from what is part of a formula", async () => {
    const graph = {
      initializer: [
        ...["scale", "shift", "mean", "variance", "kernel"].map((name) => tensor(name, [4])),
        ...["least", "most", "factor"].map((name) => tensor(name, [])),
        ...["region", "scales", "exponent", "filling", "onOff", "oldScales"].map((name) => tensor(name, [2])),
        ...["shape", "sizes"].map((name) => tensor(name, [2], "int64")),
        tensor("half", [2, 2], "float16"),
        tensor("double", [2, 2], "float64"),
        tensor("mask", [2, 2], "bool"),
        { ...tensor("words", [1]), dataType: 8 },
      ],
      node: [
        node("BatchNormalization", ["x", "scale", "shift", "mean", "variance"], "a"),
        node("Clip", ["a", "least", "most"], "b"),
        node("Resize", ["b", "region", "scales", "sizes"], "c"),
        node("Upsample", ["c", "oldScales"], "d"),
        node("Pow", ["d", "exponent"], "e"),
        node("Pad", ["e", "shape", "filling"], "f"),
        node("OneHot", ["shape", "sizes", "onOff"], "g"),
        node("Mul", ["f", "factor"], "h"),
        node("Conv", ["h", "kernel"], "i"),
        node("Where", ["mask", "half", "double"], "j"),
        node("Reshape", ["words", "shape"], "y"),
      ],
    };
    expect(await rolesOf({ graph })).toEqual({
      ...{ scale: "weight", shift: "weight", mean: "moment", variance: "moment", kernel: "weight" },
      ...{ least: "constant", most: "constant", factor: "constant", region: "constant", scales: "constant" },
      ...{ exponent: "constant", filling: "constant", onOff: "constant", oldScales: "constant" },
      ...{ shape: "constant", sizes: "constant", half: "weight", double: "weight", mask: "constant" },
    });
  });

  it("takes moments for moments, wherever else they are read", async () => {
    const initializer = [tensor("m", [4]), tensor("w", [4])];
    const norm = node("BatchNormalization", ["x", "w", "w", "m", "m"], "y");
    const power = node("Pow", ["x", "m"], "z");
    for (const nodes of [
      [norm, power],
      [power, norm],
    ]) {
      expect(await rolesOf({ graph: { initializer, node: nodes } })).toEqual({ m: "moment", w: "weight" });
    }
  });

  it("takes a single number for part of a formula, but for that of a layer", async () => {
    const initializer = [tensor("slope", [1]), tensor("bias", [1]), tensor("kernel", [1, 1, 1, 1]), tensor("one", [])];
    const nodes = [
      node("Mul", ["x", "slope"], "a"),
      node("Conv", ["a", "kernel", "bias"], "b"),
      node("Add", ["b", "one"], "y"),
    ];
    expect(await rolesOf({ graph: { initializer, node: nodes } })).toEqual({
      ...{ slope: "constant", bias: "weight", kernel: "weight", one: "constant" },
    });
  });

  it("leaves out what nothing reads, and what the wanted tensors do not need", async () => {
    const graph = {
      initializer: ["first", "second", "third", "unread"].map((name) => tensor(name, [4])),
      node: [
        node("Mul", ["x", "first"], "inner"),
        node("Mul", ["inner", "second"], "side"),
        node("Mul", ["inner", "third"], "y"),
      ],
    };
    expect(Object.keys(await rolesOf({ graph }))).toEqual(["first", "second", "third"]);
    expect(Object.keys(await rolesOf({ graph }, ["inner"]))).toEqual(["first"]);
    expect(Object.keys(await rolesOf({ graph }, ["side"]))).toEqual(["first", "second"]);
    expect(Object.keys(await rolesOf({ graph }, ["inner", "y"]))).toEqual(["first", "third"]);
  });

  it("looks into branches", async () => {
    const branch = { node: [node("Clip", ["x", "bound"], "cut"), node("Mul", ["cut", "weight"], "out")] };
    const graph = {
      initializer: [tensor("bound", [1]), tensor("weight", [4])],
      node: [{ ...node("If", ["flag"], "y"), attribute: [{ name: "then_branch", g: branch }] }],
    };
    expect(await rolesOf({ graph })).toEqual({ bound: "constant", weight: "weight" });
  });

  it("looks into functions, whose names are their own", async () => {
    const norm = {
      ...{ name: "Norm", domain: "own", input: ["x", "a", "b"], output: ["y"] },
      node: [node("BatchNormalization", ["x", "a", "a", "b", "b"], "y")],
    };
    const outer = {
      ...{ name: "Outer", domain: "own", input: ["x", "p", "q", "r"], output: ["y"] },
      node: [
        { ...node("Norm", ["x", "p", "q"], "normal"), domain: "own" },
        node("Pow", ["normal", "r"], "scale"),
        node("Mul", ["normal", "scale"], "y"),
      ],
    };
    const graph = {
      initializer: ["gamma", "mean", "scale", "q"].map((name) => tensor(name, [4])),
      node: [
        { ...node("Outer", ["x", "gamma", "mean", "scale"], "z"), domain: "own" },
        { ...node("Norm", ["z", "q"], "y"), domain: "another" },
      ],
    };
    expect(await rolesOf({ graph, functions: [norm, outer] })).toEqual({
      ...{ gamma: "weight", mean: "moment", scale: "constant", q: "weight" },
    });
  });
});
