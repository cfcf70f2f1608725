import type { GraphTensor } from "../../graph-builder.ts";
import { divide, multiply } from "../../operators/arithmetic.ts";
import { equal, where } from "../../operators/choices.ts";
import { cast, shapeOf } from "../../operators/conversions.ts";
import { gather } from "../../operators/indexing.ts";
import { expand, reshape, transpose } from "../../operators/layout.ts";
import { productKeepingAxes, sumKeepingAxes } from "../../operators/reductions.ts";
import { dimensionAt, elementCount } from "../../shapes.ts";
import { integerAttribute } from "../../attributes.ts";
import { integersAt } from "../integers-at.ts";
import { scalarLike } from "../../operators/filling.ts";
import { noGradient } from "../no-gradient.ts";
import { ofOneResult, type NamedRule, type SimpleCall } from "../gradient-rule.ts";

/** What was summed all gets the gradient of the sum. */
export const reductionRules: readonly NamedRule[] = [
  ["ReduceSum", ofOneResult((call) => [() => spread(call, call.gradient)])],
  ["ReduceMean", ofOneResult((call) => [() => spread(call, divideByCount(call))])],
  ["ReduceMax", ofOneResult((call) => [() => shareAmongEqual(call)])],
  ["ReduceMin", ofOneResult((call) => [() => shareAmongEqual(call)])],
  [
    "ReduceSumSquare",
    ofOneResult((call) => [
      () => {
        const { graph, inputs, gradient } = call;
        const doubled = multiply(graph, inputs[0]!, scalarLike(graph, gradient, 2));
        return multiply(graph, spread(call, gradient), doubled);
      },
    ]),
  ],
  ["ReduceProd", ofOneResult((call) => [() => multiply(call.graph, spread(call, call.gradient), otherFactors(call))])],
  [
    "CumSum",
    // Each entry counts in the sums behind it, so that it gets the sum of their gradients.
    ofOneResult(({ graph, node, gradient, inputs }) => [
      () => {
        const attributes = { ...node.attributes, reverse: { int: 1 - integerAttribute(node, "reverse", 0) } };
        return graph.node({ operator: "CumSum", inputs: [gradient, inputs[1]!], attributes, shape: gradient.shape });
      },
      null,
    ]),
  ],
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

/**
 * For each entry the product of the others: of all entries, with a 1 in the place of itself. To divide the product by the entry
 * would be shorter, and wrong where one is 0.
 */
function otherFactors(call: SimpleCall): GraphTensor {
  const { graph, node, inputs } = call;
  const x = inputs[0]!;
  const axes = reducedAxes(call);
  const order = [...x.shape.keys()].filter((axis) => !axes.includes(axis)).concat(axes);
  const moved = transpose(graph, x, order);
  const count = Number(elementCount(axes.map((axis) => dimensionAt(x.shape, axis))));
  if (!(count <= mostFactors))
    throw noGradient(node, `its gradient is known for products of up to ${mostFactors} values`);
  const isItself = Array.from({ length: count ** 2 }, (_, at) => (at % (count + 1) === 0 ? 1 : 0));
  const rows = reshape(graph, moved, [elementCount(moved.shape.slice(0, order.length - axes.length)), 1, count]);
  const others = where(graph, graph.constant(isItself, { type: "bool", shape: [count, count] }), {
    then: scalarLike(graph, x, 1),
    otherwise: rows,
  });
  const products = reshape(graph, productKeepingAxes(graph, others, [2]), moved.shape);
  return transpose(
    graph,
    products,
    order.map((_, axis) => order.indexOf(axis)),
  );
}

/** As many numbers as their square are worked out. */
const mostFactors = 512;

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
