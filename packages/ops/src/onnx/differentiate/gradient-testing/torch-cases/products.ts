import { einsum } from "../../../operators/einsum.ts";
import { linear, matMul, product } from "../../../operators/products.ts";
import type { Build } from "../gradient-graph.ts";
import { ofTwo, type TorchCases } from "./build.ts";

const equations = [
  ...["bhid,bhjd->bhij", "ab,bc,cd->da", "ab,c->c", "abc->ca", "i,j->ij"],
  ...["bhwc,hkc->bhwk", "bii,id->bd", "ij,ij->", "bik,bik->bk"],
];

export const productCases: TorchCases = {
  MatMul: {
    "two matrices": ofTwo(matMul),
    "rows by one matrix": ofTwo(matMul),
    "batches, both broadcast": ofTwo(matMul),
  },
  Gemm: {
    "a dense layer": (graph, [x, weight, bias]) => linear(graph, x!, { weight: weight!, bias: bias! }),
    "both transposed, factors, a column": (graph, [a, b, addend]) =>
      product(graph, [a!, b!], {
        transposeA: true,
        transposeB: true,
        factor: 0.75,
        addendFactor: -0.5,
        addend: addend!,
      }),
    "the first transposed, one value": (graph, [a, b, addend]) =>
      product(graph, [a!, b!], { transposeA: true, addendFactor: 2, addend: addend! }),
    "no addend": ofTwo((graph, a, b) => product(graph, [a, b], { factor: 1.5 })),
  },
  Einsum: Object.fromEntries(
    equations.map((equation): [string, Build] => [equation, (graph, inputs) => einsum(graph, equation, inputs)]),
  ),
};
