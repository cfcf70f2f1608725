import { floatTypeOf, type GraphScope, type GraphTensor } from "../../graph-builder.ts";
import { reshape, transpose } from "../../operators/layout.ts";
import { matMul } from "../../operators/products.ts";
import { fixedSizeAt } from "../../shapes.ts";
import { integersAttribute } from "../attributes.ts";
import { ofOneResult, type NamedRule, type SimpleCall } from "../gradient-rule.ts";
import { resizeWeights } from "../resize-weights.ts";

export const resizingRules: readonly NamedRule[] = [
  ["Resize", ofOneResult((call) => [() => resizeGradient(call), null, null, null])],
];

/** Axis by axis, by the matrix that the axis was resized with. Inputs of ONNX's Resize: x, region, scales, sizes. */
function resizeGradient({ graph, node, gradient, result }: SimpleCall): GraphTensor {
  const x = node.inputs[0]!;
  const rank = x.shape.length;
  const named = (integersAttribute(node, "axes") ?? x.shape.map((_, axis) => axis)).map((axis) =>
    axis < 0 ? axis + rank : axis,
  );
  const scales = node.inputs[2] ?? null;
  const given = scales === null ? null : graph.floatsOf(scales);
  if (scales !== null && given === null) throw new Error(`The scales of ${node.name} are not constant.`);
  return named.reduce((spread, axis, place) => {
    // The batch is left as it is, and is not known.
    if (x.shape[axis] === result.shape[axis]) return spread;
    const [from, to] = [fixedSizeAt(x.shape, axis), fixedSizeAt(result.shape, axis)];
    const weights = resizeWeights(node, { from, to, scale: given?.[place] ?? to / from });
    return alongAxis(graph, spread, { axis, weights, from, to });
  }, gradient);
}

interface AxisProduct {
  readonly axis: number;
  /** [to, from] */
  readonly weights: Float64Array;
  readonly from: number;
  readonly to: number;
}

/** The product with a matrix along one axis, which is brought to the end for it. */
function alongAxis(graph: GraphScope, x: GraphTensor, { axis, weights, from, to }: AxisProduct): GraphTensor {
  const type = floatTypeOf(x);
  const matrix = reshape(graph, graph.floats(Array.from(weights), type), [to, from]);
  const order = x.shape.map((_, each) => each);
  const last = order.length - 1;
  if (axis === last) return matMul(graph, x, matrix);
  const exchanged = order.map((each) => (each === axis ? last : each === last ? axis : each));
  return transpose(graph, matMul(graph, transpose(graph, x, exchanged), matrix), exchanged);
}
