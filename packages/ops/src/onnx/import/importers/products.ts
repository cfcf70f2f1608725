import { floatAttribute, integerAttribute, textAttribute } from "../../attributes.ts";
import type { GraphTensor } from "../../graph-builder.ts";
import { reshape, squeeze, unsqueeze } from "../../operators/layout.ts";
import { einsum, matMul, product } from "../../operators/products.ts";
import { elementCount, fixedSizeAt } from "../../shapes.ts";
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
    ({ graph, inputs, attributes }) => [
      einsum(
        graph,
        textAttribute({ attributes }, "equation", "").replaceAll(" ", ""),
        inputs.flatMap((input) => input ?? []),
      ),
    ],
  ],
];

/** Vectors become matrices of one row or column; rows by one matrix become one product, whose gradients then copy nothing. */
function importMatMul(call: ImportCall, a: GraphTensor): GraphTensor {
  const { graph } = call;
  const b = inputAt(call, 1);
  if (a.shape.length === 1) {
    const row = importMatMul({ ...call, inputs: [unsqueeze(graph, a, [0]), b] }, unsqueeze(graph, a, [0]));
    return squeeze(graph, row, [row.shape.length - (b.shape.length === 1 ? 1 : 2)]);
  }
  if (b.shape.length === 1) {
    const column = matMul(graph, a, unsqueeze(graph, b, [1]));
    return squeeze(graph, column, [column.shape.length - 1]);
  }
  if (a.shape.length === 2 || b.shape.length > 2) return matMul(graph, a, b);
  const rows = reshape(graph, a, [elementCount(a.shape.slice(0, -1)), fixedSizeAt(a.shape, -1)]);
  return reshape(graph, matMul(graph, rows, b), [...a.shape.slice(0, -1), fixedSizeAt(b.shape, -1)]);
}
