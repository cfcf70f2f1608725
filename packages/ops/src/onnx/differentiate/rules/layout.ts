import type { GraphScope, GraphTensor } from "../../graph-builder.ts";
import { cast } from "../../operators/conversions.ts";
import { concatenate, padWithZeros, reshape, slice, transpose } from "../../operators/layout.ts";
import type { AxisPadding } from "../../operators/padding.ts";
import { sliceAxes } from "../../operators/slicing.ts";
import { sum } from "../../operators/reductions.ts";
import { fixedSizeAt, sameDimension } from "../../shapes.ts";
import { axisOf, fromStart, textAttribute } from "../../attributes.ts";
import { integersAt } from "../integers-at.ts";
import { alongAxis } from "../along-axis.ts";
import { sumBack } from "../broadcasting.ts";
import { filledLike } from "../../operators/filling.ts";
import { ofOneResult, type GradientRule, type NamedRule, type RuleCall, type SimpleCall } from "../gradient-rule.ts";
import type { PartGradient } from "../gradient-sums.ts";
import { paddingWeights } from "../padding-weights.ts";

/** Values that move: their gradients move back. */
export const layoutRules: readonly NamedRule[] = [
  ["Identity", ofOneResult(({ gradient }) => [() => gradient])],
  // A path ends at whole numbers, so both sides are floats.
  ["Cast", ofOneResult(({ graph, gradient, inputs: [x] }) => [() => cast(graph, gradient, x!.type)])],
  ["Reshape", ofOneResult(({ graph, gradient, inputs: [x] }) => [() => reshape(graph, gradient, x!.shape), null])],
  ["Flatten", ofOneResult(({ graph, gradient, inputs: [x] }) => [() => reshape(graph, gradient, x!.shape)])],
  ["Squeeze", ofOneResult(({ graph, gradient, inputs: [x] }) => [() => reshape(graph, gradient, x!.shape), null])],
  ["Unsqueeze", ofOneResult(({ graph, gradient, inputs: [x] }) => [() => reshape(graph, gradient, x!.shape), null])],
  ["Split", splitGradient],
  ["Tile", ofOneResult((call) => [() => tileGradient(call), null])],
  ["Expand", ofOneResult(({ graph, gradient, inputs: [x] }) => [() => sumBack(graph, gradient, x!), null])],
  ["Transpose", ofOneResult((call) => [() => transpose(call.graph, call.gradient, inverseOrder(call))])],
  ["Slice", ofOneResult((call) => [() => sliceGradient(call)])],
  ["Pad", ofOneResult((call) => [() => padGradient(call)])],
  ["Concat", ofOneResult((call) => concatGradients(call))],
  [
    "Trilu",
    ofOneResult(({ graph, node, gradient }) => [
      () => {
        const { attributes } = node;
        const inputs = [gradient, ...node.inputs.slice(1)];
        return graph.node({ operator: "Trilu", inputs, attributes, shape: gradient.shape });
      },
      null,
    ]),
  ],
];

/** A part that the loss does not depend on counts as zeros. */
function splitGradient({ graph, node, gradients }: RuleCall): ReturnType<GradientRule> {
  const axis = axisOf(node, node.inputs[0]!, 0);
  const parts = node.outputs.map((output, place) => gradients[place] ?? filledLike(graph, output, 0));
  return [() => concatenate(graph, parts, axis), null];
}

/** Each axis as two: which repetition, and the place in it. */
function tileGradient(call: SimpleCall): GraphTensor {
  const { graph, gradient, inputs } = call;
  const x = inputs[0]!;
  const repeats = integersAt(call, 1);
  const apart = x.shape.flatMap((size, axis) => [repeats[axis]!, size]);
  return sum(
    graph,
    reshape(graph, gradient, apart),
    x.shape.map((_, axis) => 2 * axis),
  );
}

function inverseOrder({ node, gradient }: SimpleCall): readonly number[] {
  const { perm } = node.attributes;
  const rank = gradient.shape.length;
  const order = perm !== undefined && "ints" in perm ? perm.ints : Array.from({ length: rank }, (_, i) => rank - 1 - i);
  return order.map((_, axis) => order.indexOf(axis));
}

/**
 * Inputs of ONNX's Slice: data, starts, ends, axes, steps. What lay between two entries that were taken, and before and after
 * them, has no gradient.
 */
function sliceGradient(call: SimpleCall): GraphTensor | PartGradient {
  const { graph, node, inputs, result } = call;
  const x = inputs[0]!;
  const starts = integersAt(call, 1);
  const axes = (node.inputs[3] ?? null) === null ? starts.map((_, axis) => axis) : integersAt(call, 3);
  const steps = (node.inputs[4] ?? null) === null ? starts.map(() => 1) : integersAt(call, 4);
  const cuts = axes.flatMap((named, place) => {
    const axis = named < 0 ? named + x.shape.length : named;
    const [size, count, step] = [x.shape[axis]!, result.shape[axis]!, steps[place]!];
    if (step === 1 && sameDimension(size, count)) return [];
    return [{ axis, step, start: firstTaken(starts[place]!, fixedSizeAt(x.shape, axis)) }];
  });
  const [first] = cuts;
  if (cuts.length === 1 && first?.step === 1) return { part: call.gradient, axis: first.axis, start: first.start };
  return cuts.reduce((gradient, { axis, step, start }) => {
    const forwards = step < 0 ? reverse(graph, gradient, axis) : gradient;
    const stride = Math.abs(step);
    const spaced = stride === 1 ? forwards : spread(call, forwards, { axis, step: stride });
    const before = step < 0 ? start + (fixedSizeAt(result.shape, axis) - 1) * step : start;
    const after = fixedSizeAt(x.shape, axis) - before - fixedSizeAt(spaced.shape, axis);
    return padWithZeros(graph, spaced, { axis, before, after });
  }, call.gradient);
}

function reverse(graph: GraphScope, x: GraphTensor, axis: number): GraphTensor {
  return sliceAxes(graph, x, [{ axis, start: -1, end: -(2 ** 31), step: -1 }]);
}

function firstTaken(start: number, size: number): number {
  return Math.min(start < 0 ? Math.max(start + size, 0) : start, size - 1);
}

/** The entries of an axis with `step - 1` zeros between each two: as a second axis, of which all but the first are zeros. */
function spread(
  { graph }: SimpleCall,
  gradient: GraphTensor,
  { axis, step }: { readonly axis: number; readonly step: number },
): GraphTensor {
  const count = fixedSizeAt(gradient.shape, axis);
  const [outer, inner] = [gradient.shape.slice(0, axis), gradient.shape.slice(axis + 1)];
  const apart = reshape(graph, gradient, [...outer, count, 1, ...inner]);
  const filled = padWithZeros(graph, apart, { axis: axis + 1, before: 0, after: step - 1 });
  const joined = reshape(graph, filled, [...outer, count * step, ...inner]);
  return slice(graph, joined, { axis, start: 0, end: (count - 1) * step + 1 });
}

/** Inputs of ONNX's Pad: data, pads (all begins, then all ends), value, axes. Axis by axis, from the last. */
function padGradient(call: SimpleCall): GraphTensor {
  const { node, inputs } = call;
  const x = inputs[0]!;
  const pads = integersAt(call, 1);
  const axes = (node.inputs[3] ?? null) === null ? x.shape.map((_, axis) => axis) : integersAt(call, 3);
  const mode = textAttribute(node, "mode", "constant");
  return axes.reduce((gradient, named, place) => {
    const axis = fromStart(named, x.shape.length);
    const padding = { axis, before: pads[place]!, after: pads[place + axes.length]! };
    return unpad(call, gradient, { ...padding, mode });
  }, call.gradient);
}

interface Unpadding extends AxisPadding {
  readonly mode: string;
}

/** What was added has no gradient, or that of the entry that it is a copy of. */
function unpad(
  { graph, inputs }: SimpleCall,
  gradient: GraphTensor,
  { axis, before, after, mode }: Unpadding,
): GraphTensor {
  const [size, padded] = [fixedSizeAt(inputs[0]!.shape, axis), fixedSizeAt(gradient.shape, axis)];
  if (mode !== "constant") {
    const weights = paddingWeights({ size, before, padded, mode });
    return alongAxis(graph, gradient, { axis, weights, from: size, to: padded });
  }
  const start = Math.max(0, before);
  const kept = slice(graph, gradient, { axis, start, end: Math.min(padded, padded - after) });
  return padWithZeros(graph, kept, { axis, before: Math.max(0, -before), after: Math.max(0, -after) });
}

function concatGradients({ graph, node, gradient, inputs, result }: SimpleCall): readonly (() => GraphTensor)[] {
  const axis = axisOf(node, result, 0);
  const starts = inputs.map((_, place) =>
    inputs.slice(0, place).reduce((start, { shape }) => start + fixedSizeAt(shape, axis), 0),
  );
  return inputs.map(({ shape }, place) => () => {
    const start = starts[place]!;
    return slice(graph, gradient, { axis, start, end: start + fixedSizeAt(shape, axis) });
  });
}
