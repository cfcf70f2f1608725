import { floatTypeOf, type GraphScope, type GraphTensor } from "../../graph-builder.ts";
import { multiply } from "../../operators/arithmetic.ts";
import { einsum } from "../../operators/einsum.ts";
import { reshape, transpose } from "../../operators/layout.ts";
import { matMul, product } from "../../operators/products.ts";
import { elementCount, fixedSizeAt, type Shape } from "../../shapes.ts";
import { floatAttribute, integerAttribute, integersAttribute, textAttribute } from "../../attributes.ts";
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
        () => sumBack(graph, timesTransposed(graph, gradient, b), a),
        () => sumBack(graph, transposedTimes(graph, a, gradient), b),
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

/** x · yᵀ, with that transposed of which there is less: y, or x and the result. */
function timesTransposed(graph: GraphScope, x: GraphTensor, y: GraphTensor): GraphTensor {
  const [n, m, k] = [fixedSizeOr(x, -2), fixedSizeOr(x, -1), fixedSizeOr(y, -2)];
  if (k * m <= n * m + n * k) return matMul(graph, x, swapLastAxes(graph, y));
  return swapLastAxes(graph, matMul(graph, y, swapLastAxes(graph, x)));
}

/** xᵀ · y, likewise: attention's weights are far larger than its values. */
function transposedTimes(graph: GraphScope, x: GraphTensor, y: GraphTensor): GraphTensor {
  const [n, k, m] = [fixedSizeOr(x, -2), fixedSizeOr(x, -1), fixedSizeOr(y, -1)];
  if (n * k <= n * m + k * m) return matMul(graph, swapLastAxes(graph, x), y);
  return swapLastAxes(graph, matMul(graph, swapLastAxes(graph, y), x));
}

/** A size that is not known counts as a large one. */
function fixedSizeOr({ shape }: GraphTensor, axis: number): number {
  const size = shape.at(axis);
  return typeof size === "number" ? size : 1024;
}

/** What was transposed already is not transposed twice. */
function swapLastAxes(graph: GraphScope, x: GraphTensor): GraphTensor {
  const last = x.shape.length - 1;
  const swapped = [...x.shape.keys()].map((axis) => (axis < last - 1 ? axis : 2 * last - 1 - axis));
  const made = graph.nodes.findLast(({ outputs }) => outputs[0]?.name === x.name);
  const [source = null] = made?.inputs ?? [];
  const order = made?.operator === "Transpose" && source !== null ? integersAttribute(made, "perm") : null;
  if (order === null || source === null) return transpose(graph, x, swapped);
  const whole = swapped.map((axis) => order[axis]!);
  return whole.every((axis, place) => axis === place) ? source : transpose(graph, source, whole);
}
