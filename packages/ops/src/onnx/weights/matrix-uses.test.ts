import { describe, expect, it } from "vitest";
import { attributeTypes, elementTypes, type OnnxModel, type OnnxNode } from "../onnx-model.ts";
import { readModel } from "../read-model.ts";
import { writeModel } from "../write-model.ts";
import { findMatrices } from "./matrix-uses.ts";

function node(opType: string, input: readonly string[], output: string, ints: Readonly<Record<string, number>> = {}) {
  const attribute = Object.entries(ints).map(([name, i]) => ({ name, type: attributeTypes.int, i }));
  return { opType, input, output: [output], attribute };
}

function transpose(input: string, output: string, perm: readonly number[] | null): OnnxNode {
  const attribute = perm === null ? [] : [{ name: "perm", type: attributeTypes.ints, ints: perm }];
  return { opType: "Transpose", input: [input], output: [output], attribute };
}

async function matricesOf(nodes: readonly OnnxNode[], wanted: readonly string[] | null = null) {
  const initializer = [{ name: "w", dims: [3, 5], dataType: elementTypes.float32 }];
  const graph: OnnxModel["graph"] = { initializer, node: nodes, output: [{ name: "y" }] };
  const model = await readModel(await writeModel({ graph }), "m.onnx");
  return findMatrices(model, wanted).map(({ weight, ...use }) => ({ weight: weight.name, ...use }));
}

describe("findMatrices", () => {
  it.each<[string, readonly OnnxNode[], object | null]>([
    ["MatMul", [node("MatMul", ["x", "w"], "y")], { inputs: 3, outputs: 5, factor: "w" }],
    ["Gemm", [node("Gemm", ["x", "w", "b"], "y")], { inputs: 3, outputs: 5, factor: "w" }],
    ["Gemm, transposed", [node("Gemm", ["x", "w"], "y", { transB: 1 })], { inputs: 5, outputs: 3, factor: "w" }],
    [
      "MatMul by its transpose",
      [transpose("w", "t", [1, 0]), node("MatMul", ["x", "t"], "y")],
      { inputs: 5, outputs: 3, factor: "t" },
    ],
    [
      "MatMul by its transpose, order left out",
      [transpose("w", "t", null), node("MatMul", ["x", "t"], "y")],
      { inputs: 5, outputs: 3, factor: "t" },
    ],
    [
      "Gemm, transposed twice",
      [transpose("w", "t", [1, 0]), node("Gemm", ["x", "t"], "y", { transB: 1 })],
      { inputs: 3, outputs: 5, factor: "t" },
    ],
    [
      "MatMul by itself, though it is transposed elsewhere",
      [transpose("w", "t", [1, 0]), node("Mul", ["t", "t"], "s"), node("MatMul", ["x", "w"], "y")],
      { inputs: 3, outputs: 5, factor: "w" },
    ],
    ["a first factor", [node("MatMul", ["w", "x"], "y")], null],
    ["Gemm of columns", [node("Gemm", ["x", "w"], "y", { transA: 1 })], null],
    ["a transpose that changes nothing", [transpose("w", "t", [0, 1]), node("MatMul", ["x", "t"], "y")], null],
    ["Mul", [node("Mul", ["x", "w"], "y")], null],
  ])("%s", async (_, nodes, expected) => {
    expect(await matricesOf(nodes)).toEqual(expected === null ? [] : [{ weight: "w", ...expected }]);
  });

  it("leaves out products that the wanted tensors do not need", async () => {
    const nodes = [node("Relu", ["x"], "inner"), node("Add", ["inner", "w"], "sum"), node("MatMul", ["sum", "w"], "y")];
    expect(await matricesOf(nodes, ["y"])).toHaveLength(1);
    expect(await matricesOf(nodes, ["sum"])).toEqual([]);
    expect(await matricesOf(nodes, ["inner"])).toEqual([]);
  });
});
