import { einsum } from "../../../operators/einsum.ts";
import { matMul, product, type ProductOptions } from "../../../operators/products.ts";
import type { Build } from "../gradient-graph.ts";
import { inEach, type LinearCases } from "./linear.ts";

export const productCases: LinearCases = {
  MatMul: inEach(
    {
      "rows by one matrix": [
        [
          [2, 50, 64],
          [64, 48],
        ],
        multiplied,
      ],
      "by heads": [
        [
          [2, 4, 50, 16],
          [2, 4, 16, 50],
        ],
        multiplied,
      ],
      "one matrix by batches": [
        [
          [30, 20],
          [6, 20, 10],
        ],
        multiplied,
      ],
    },
    ["the first", "the second"],
  ),
  Gemm: inEach(
    {
      "with a row": [[[40, 64], [64, 48], [48]], gemm({})],
      "transposed weights": [[[40, 64], [48, 64], [48]], gemm({ transposeB: true })],
      "both transposed, with factors": [
        [
          [64, 40],
          [48, 64],
          [40, 1],
        ],
        gemm({ transposeA: true, transposeB: true, factor: 0.75, addendFactor: -2 }),
      ],
    },
    ["the first", "the second and the addend"],
  ),
  Einsum: inEach(
    {
      scores: [
        [
          [2, 4, 30, 16],
          [2, 4, 25, 16],
        ],
        summed("bhid,bhjd->bhij"),
      ],
      "heads put together": [
        [
          [2, 4, 30, 16],
          [4, 16, 48],
        ],
        summed("bhid,hde->bie"),
      ],
      "positions relative to each other": [
        [
          [2, 7, 8, 16],
          [7, 9, 16],
        ],
        summed("bhwc,hkc->bhwk"),
      ],
      diagonals: [
        [
          [6, 20, 20],
          [20, 5],
        ],
        summed("bii,id->bd"),
      ],
      "stretched sizes": [
        [
          [6, 1, 20],
          [1, 5, 20],
        ],
        summed("bik,bik->bk"),
      ],
      "one letter alone": [
        [
          [20, 30, 4],
          [20, 6],
        ],
        summed("abc,ad->db"),
      ],
    },
    ["the first", "the second"],
  ),
};

function multiplied(...[graph, [a, b]]: Parameters<Build>): ReturnType<Build> {
  return matMul(graph, a!, b!);
}

function gemm(options: Omit<ProductOptions, "addend">): Build {
  return (graph, [a, b, addend]) => product(graph, [a!, b!], { ...options, addend: addend ?? null });
}

function summed(equation: string): Build {
  return (graph, inputs) => einsum(graph, equation, inputs);
}
