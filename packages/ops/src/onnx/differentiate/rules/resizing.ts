import { integersAttribute, textAttribute } from "../../attributes.ts";
import { floatTypeOf, type GraphNode, type GraphTensor } from "../../graph-builder.ts";
import { reshape } from "../../operators/layout.ts";
import { fixedSizeAt } from "../../shapes.ts";
import { timesAlongAxis } from "../along-axis.ts";
import { noGradient } from "../no-gradient.ts";
import { ofOneResult, type NamedRule, type SimpleCall } from "../gradient-rule.ts";

export const resizingRules: readonly NamedRule[] = [
  ["Resize", ofOneResult((call) => [() => resizeGradient(call), null, null, null])],
];

/** Axis by axis, by the matrix that the axis was resized with. Inputs of ONNX's Resize: x, region, scales, sizes. */
function resizeGradient(call: SimpleCall): GraphTensor {
  const { graph, node, gradient, result } = call;
  requireLinear(node);
  const x = node.inputs[0]!;
  const rank = x.shape.length;
  const named = (integersAttribute(node, "axes") ?? x.shape.map((_, axis) => axis)).map((axis) =>
    axis < 0 ? axis + rank : axis,
  );
  const scales = node.inputs[2] ?? null;
  const given = scales === null ? null : graph.floatsOf(scales);
  if (scales !== null && given === null) throw noGradient(node, "its scales are not constant");
  const isKept = (axis: number): boolean => x.shape[axis] === result.shape[axis];
  return named.reduce((spread, axis, place) => {
    const scale = given?.[place] ?? null;
    // The batch is left as it is, and is not known.
    if (isKept(axis)) {
      requireCopied(node, scale ?? 1, named.every(isKept));
      return spread;
    }
    const [from, to] = [fixedSizeAt(x.shape, axis), fixedSizeAt(result.shape, axis)];
    return timesAlongAxis(graph, spread, { axis, matrix: resizedUnits(call, { from, to, scale }) });
  }, gradient);
}

interface ResizedAxis {
  /** Sizes before and after. */
  readonly from: number;
  readonly to: number;
  /** How much larger the axis becomes; null where the sizes say it. */
  readonly scale: number | null;
}

/**
 * The matrix [to, from] of an axis: what the node makes of each unit vector. So it is the engine's own also where a place
 * falls between two values and its float32 decides which is the nearest (from 14 values to 2, the second lies at 6.9999995).
 */
function resizedUnits({ graph, node, gradient }: SimpleCall, { from, to, scale }: ResizedAxis): GraphTensor {
  const ones = Array.from({ length: from * from }, (_, at) => (at % (from + 1) === 0 ? 1 : 0));
  const units = reshape(graph, graph.floats(ones, floatTypeOf(gradient)), [from, from]);
  const { axes: _axes, ...attributes } = node.attributes;
  const size = scale === null ? [null, graph.integers([to, from])] : [graph.floats([scale, 1])];
  return graph.node({ operator: "Resize", inputs: [units, null, ...size], attributes, shape: [to, from] });
}

/**
 * onnxruntime copies x where no size changes. But where one does, it resamples other axes by their scale, though that comes to
 * their own size: 3 values by 1.25 are 3 others.
 * @throws OpError `no-gradient-rule` in this case
 */
function requireCopied(node: GraphNode, scale: number, isWhole: boolean): void {
  if (scale === 1 || isWhole) return;
  throw noGradient(node, `it resamples an axis by ${String(scale)} to the size that it has`);
}

/** @throws OpError `no-gradient-rule` where the result has values that are no shares of x, or sizes other than the node names */
function requireLinear(node: GraphNode): void {
  const coordinates = textAttribute(node, "coordinate_transformation_mode", "half_pixel");
  const policy = textAttribute(node, "keep_aspect_ratio_policy", "stretch");
  if (coordinates === "tf_crop_and_resize" || policy !== "stretch") {
    throw noGradient(node, `its gradient with ${coordinates}, ${policy} is not known`);
  }
}
