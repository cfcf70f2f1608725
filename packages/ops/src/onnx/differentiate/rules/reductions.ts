import type { GraphTensor } from "../../graph-builder.ts";
import { divide, multiply } from "../../operators/arithmetic.ts";
import { equal, where } from "../../operators/choices.ts";
import { cast, shapeOf } from "../../operators/conversions.ts";
import { gather } from "../../operators/indexing.ts";
import { expand, reshape } from "../../operators/layout.ts";
import { sumKeepingAxes } from "../../operators/reductions.ts";
import { dimensionAt } from "../../shapes.ts";
import { integerAttribute } from "../../attributes.ts";
import { integersAt } from "../integers-at.ts";
import { scalarLike } from "../../operators/filling.ts";
import { ofOneResult, type NamedRule, type SimpleCall } from "../gradient-rule.ts";

/** What was summed all gets the gradient of the sum. */
export const reductionRules: readonly NamedRule[] = [
  ["ReduceSum", ofOneResult((call) => [() => spread(call, call.gradient)])],
  ["ReduceMean", ofOneResult((call) => [() => spread(call, divideByCount(call))])],
  ["ReduceMax", ofOneResult((call) => [() => shareAmongEqual(call)])],
  ["ReduceMin", ofOneResult((call) => [() => shareAmongEqual(call)])],
];

/** What was chosen gets the gradient; equal values share it, as PyTorch's `amax` has it. */
function shareAmongEqual(call: SimpleCall): GraphTensor {
  const { graph, inputs, gradient, result } = call;
  const x = inputs[0]!;
  const [one, zero] = [1, 0].map((value) => scalarLike(graph, gradient, value));
  const isChosen = equal(graph, x, spread(call, result));
  const marks = where(graph, isChosen, { then: one!, otherwise: zero! });
  const count = sumKeepingAxes(graph, marks, reducedAxes(call));
  return divide(graph, multiply(graph, marks, spread(call, gradient)), count);
}

function spread(call: SimpleCall, gradient: GraphTensor): GraphTensor {
  const { graph, node, inputs } = call;
  const x = inputs[0]!;
  const axes = reducedAxes(call);
  const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const isKept = integerAttribute(node, "keepdims", 1) === 1;
  return expand(graph, isKept ? gradient : reshape(graph, gradient, kept), x);
}

/** Free sizes are read off when the graph runs. */
function divideByCount(call: SimpleCall): GraphTensor {
  const { graph, inputs, gradient } = call;
  const x = inputs[0]!;
  const axes = reducedAxes(call);
  const sizes = axes.map((axis) => dimensionAt(x.shape, axis));
  const fixed = sizes.filter((size) => typeof size === "number").reduce((product, size) => product * size, 1);
  let quotient = divide(graph, gradient, scalarLike(graph, gradient, fixed));
  for (const axis of axes.filter((_, place) => typeof sizes[place] !== "number")) {
    const size = gather(graph, shapeOf(graph, x), { indices: graph.integers(axis), axis: 0 });
    quotient = divide(graph, quotient, cast(graph, size, x.type));
  }
  return quotient;
}

/** From 0; all of them where none is named. */
function reducedAxes(call: SimpleCall): readonly number[] {
  const rank = call.inputs[0]!.shape.length;
  const named = call.node.inputs.length > 1 ? integersAt(call, 1) : [];
  if (named.length === 0) return Array.from({ length: rank }, (_, axis) => axis);
  return named.map((axis) => (axis < 0 ? axis + rank : axis));
}
