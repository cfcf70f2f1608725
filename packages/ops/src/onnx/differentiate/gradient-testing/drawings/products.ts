import { einsum } from "../../../operators/einsum.ts";
import { matMul, product } from "../../../operators/products.ts";
import type { Drawing } from "../drawing.ts";

export const productDrawings: Readonly<Record<string, Drawing>> = {
  MatMul: ({ shape, integer }) => {
    const outer = shape(integer(0, 2));
    const part = (): readonly number[] =>
      outer.map((size) => (integer(0, 2) === 0 ? 1 : size)).slice(integer(0, outer.length));
    const [n, k, m] = shape(3);
    return {
      shapes: [
        [...part(), n!, k!],
        [...part(), k!, m!],
      ],
      build: (graph, [a, b]) => matMul(graph, a!, b!),
    };
  },
  Gemm: ({ shape, integer, fraction }) => {
    const [n, k, m] = [...shape(3)];
    const [transposeA, transposeB] = [integer(0, 1) === 1, integer(0, 1) === 1];
    const options = { transposeA, transposeB, factor: fraction() + 0.5, addendFactor: fraction() + 0.5 };
    const addends = [[n!, m!], [m!], [n!, 1], []];
    return {
      shapes: [transposeA ? [k!, n!] : [n!, k!], transposeB ? [m!, k!] : [k!, m!], addends[integer(0, 3)]!],
      build: (graph, [a, b, addend]) => product(graph, [a!, b!], { ...options, addend: addend! }),
    };
  },
  Einsum: (random) => {
    const [b, i, j, d] = random.shape(4).map(Number);
    const equations: readonly (readonly [string, readonly (readonly number[])[]])[] = [
      [
        "bid,bjd->bij",
        [
          [b!, i!, d!],
          [b!, j!, d!],
        ],
      ],
      [
        "bij,bjd->bid",
        [
          [b!, i!, j!],
          [b!, j!, d!],
        ],
      ],
      ["ij,j->i", [[i!, j!], [j!]]],
      ["bid->bd", [[b!, i!, d!]]],
      ["i,j->ij", [[i!], [j!]]],
      [
        "bii,id->bd",
        [
          [b!, i!, i!],
          [i!, d!],
        ],
      ],
      [
        "bij,bij->",
        [
          [b!, i!, j!],
          [b!, 1, j!],
        ],
      ],
    ];
    const [equation, shapes] = equations[random.integer(0, equations.length - 1)]!;
    return { shapes, build: (graph, inputs) => einsum(graph, equation, inputs) };
  },
};
