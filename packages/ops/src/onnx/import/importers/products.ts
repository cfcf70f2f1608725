import { floatAttribute, integerAttribute, textAttribute } from "../../attributes.ts";
import type { GraphTensor } from "../../graph-builder.ts";
import { einsum } from "../../operators/einsum.ts";
import { reshape, squeeze, unsqueeze } from "../../operators/layout.ts";
import { matMul, product } from "../../operators/products.ts";
import { elementCount, fixedSizeAt } from "../../shapes.ts";
import { spellOutEquation } from "../equations.ts";
import { inputAt, ofOne, type ImportCall, type NamedImporter } from "../importer.ts";

export const productImporters: readonly NamedImporter[] = [
  ["MatMul", ofOne(importMatMul)],
  [
    "Gemm",
    ofOne((call, a) =>
      product(call.graph, [a, inputAt(call, 1)], {
        transposeA: integerAttribute(call, "transA", 0) === 1,
        transposeB: integerAttribute(call, "transB", 0) === 1,
        factor: floatAttribute(call, "alpha", 1),
        addend: call.inputs[2] ?? null,
        addendFactor: floatAttribute(call, "beta", 1),
      }),
    ),
  ],
  [
    "Einsum",
    (call) => {
      const inputs = call.inputs.map((_, place) => inputAt(call, place));
      const ranks = inputs.map(({ shape }) => shape.length);
      return [einsum(call.graph, spellOutEquation(textAttribute(call, "equation", ""), ranks), inputs)];
    },
  ],
];

/** Vectors become matrices of one row or column; rows by one matrix become one product, whose gradients then copy nothing. */
function importMatMul(call: ImportCall, a: GraphTensor): GraphTensor {
  const { graph } = call;
  const b = inputAt(call, 1);
  if (b.shape.length === 1) {
    const column = importMatMul({ ...call, inputs: [a, unsqueeze(graph, b, [1])] }, a);
    return squeeze(graph, column, [column.shape.length - 1]);
  }
  if (a.shape.length === 1) {
    const row = matMul(graph, unsqueeze(graph, a, [0]), b);
    return squeeze(graph, row, [row.shape.length - 2]);
  }
  if (a.shape.length === 2 || b.shape.length > 2) return matMul(graph, a, b);
  const rows = reshape(graph, a, [elementCount(a.shape.slice(0, -1)), fixedSizeAt(a.shape, -1)]);
  return reshape(graph, matMul(graph, rows, b), [...a.shape.slice(0, -1), fixedSizeAt(b.shape, -1)]);
}
