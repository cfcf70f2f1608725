import { floatTypeOf, type GraphScope, type GraphTensor } from "../../graph-builder.ts";
import { multiply } from "../../operators/arithmetic.ts";
import { einsum } from "../../operators/einsum.ts";
import { reshape, transpose } from "../../operators/layout.ts";
import { matMul, product } from "../../operators/products.ts";
import { elementCount, fixedSizeAt, type Shape } from "../../shapes.ts";
import { floatAttribute, integerAttribute, textAttribute } from "../../attributes.ts";
import { sumBack } from "../broadcasting.ts";
import { scalarLike } from "../../operators/filling.ts";
import { noGradient } from "../no-gradient.ts";
import { ofOneResult, type NamedRule, type SimpleCall } from "../gradient-rule.ts";

export const productRules: readonly NamedRule[] = [
  [
    "MatMul",
    ofOneResult(({ graph, node, gradient, inputs }) => {
      const [a, b] = [inputs[0]!, inputs[1]!];
      if (b.shape.length === 2 && a.shape.length >= 2) return ofOneWeight(graph, gradient, [a, b]);
      if (a.shape.length < 2 || b.shape.length < 2) throw noGradient(node, "its gradient is known for matrices alone");
      return [
        () => sumBack(graph, matMul(graph, gradient, swapLastAxes(graph, b)), a),
        () => sumBack(graph, matMul(graph, swapLastAxes(graph, a), gradient), b),
      ];
    }),
  ],
  [
    "Gemm",
    ofOneResult(({ graph, node, gradient, inputs }) => {
      const [a, b, addend] = [inputs[0]!, inputs[1]!, inputs[2]];
      const transposeA = integerAttribute(node, "transA", 0) === 1;
      const transposeB = integerAttribute(node, "transB", 0) === 1;
      const [factor, addendFactor] = [floatAttribute(node, "alpha", 1), floatAttribute(node, "beta", 1)];
      return [
        () =>
          transposeA
            ? product(graph, [b, gradient], { transposeA: transposeB, transposeB: true, factor })
            : product(graph, [gradient, b], { transposeB: !transposeB, factor }),
        () =>
          transposeB
            ? product(graph, [gradient, a], { transposeA: true, transposeB: transposeA, factor })
            : product(graph, [a, gradient], { transposeA: !transposeA, factor }),
        addend === undefined
          ? null
          : () => {
              const summed = sumBack(graph, gradient, addend);
              return addendFactor === 1 ? summed : multiply(graph, summed, scalarLike(graph, summed, addendFactor));
            },
      ];
    }),
  ],
  ["Einsum", ofOneResult((call) => einsumGradients(call))],
];

/** The gradient takes the place of the input that it is for, and the input's letters are the result's. */
function einsumGradients({ graph, node, gradient, inputs }: SimpleCall): readonly (() => GraphTensor)[] {
  const equation = textAttribute(node, "equation", "").replaceAll(" ", "");
  const [left = "", result] = equation.split("->");
  const terms = left.split(",");
  if (result === undefined || equation.includes(".") || terms.some((term) => new Set(term).size < term.length)) {
    throw noGradient(
      node,
      `its gradient is known for equations with a result, without ... or diagonals: "${equation}"`,
    );
  }
  return inputs.map((input, place) => () => {
    const term = terms[place]!;
    const others = terms.flatMap((other, which) => (which === place ? [] : [{ term: other, tensor: inputs[which]! }]));
    const known = [result, ...others.map((other) => other.term)].join("");
    // A letter that is in no other place was summed over: every entry gets the same.
    const lone = Array.from(term).flatMap((letter, axis) =>
      known.includes(letter) ? [] : [{ term: letter, tensor: onesOf(graph, input, fixedSizeAt(input.shape, axis)) }],
    );
    const all = [{ term: result, tensor: gradient }, ...others, ...lone];
    const asked = `${all.map((each) => each.term).join(",")}->${term}`;
    return einsum(
      graph,
      asked,
      all.map(({ tensor }) => tensor),
    );
  });
}

function onesOf(graph: GraphScope, like: GraphTensor, size: number): GraphTensor {
  return graph.floats(
    Array.from({ length: size }, () => 1),
    floatTypeOf(like),
  );
}

/** [..., n, k] by one matrix [k, m]: all the rows are one matrix, so neither operand is copied to be transposed. */
function ofOneWeight(graph: GraphScope, gradient: GraphTensor, [a, b]: readonly [GraphTensor, GraphTensor]) {
  const rowsOf = (x: GraphTensor): GraphTensor => (x.shape.length === 2 ? x : reshape(graph, x, flattened(x.shape)));
  return [
    () => {
      const rows = product(graph, [rowsOf(gradient), b], { transposeB: true });
      return a.shape.length === 2 ? rows : reshape(graph, rows, a.shape);
    },
    () => product(graph, [rowsOf(a), rowsOf(gradient)], { transposeA: true }),
  ];
}

function flattened(shape: Shape): Shape {
  return [elementCount(shape.slice(0, -1)), fixedSizeAt(shape, -1)];
}

function swapLastAxes(graph: GraphScope, x: GraphTensor): GraphTensor {
  const axes = x.shape.map((_, axis) => axis);
  const last = axes.length - 1;
  return transpose(graph, x, [...axes.slice(0, -2), last, last - 1]);
}
