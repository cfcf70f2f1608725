import type { GraphBuilder, GraphTensor } from "../../../graph-builder.ts";
import * as activations from "../../../operators/activations.ts";
import * as arithmetic from "../../../operators/arithmetic.ts";
import { clip, equal, greater, where } from "../../../operators/choices.ts";
import { cast, shapeOf } from "../../../operators/conversions.ts";
import { filledLike, zerosOf } from "../../../operators/filling.ts";
import { sumOfSquares } from "../../../operators/reductions.ts";
import { canBroadcast, type RandomOperator } from "../random-operator.ts";

/** Value by value. Roots and logarithms are of values that have them, powers of small ones. */
export const valueOperators: readonly RandomOperator[] = [
  ...[
    activations.gelu,
    activations.geluByTanh,
    activations.hardSwish,
    activations.relu,
    activations.sigmoid,
    activations.softplus,
    activations.tanh,
    arithmetic.absolute,
    arithmetic.errorFunction,
    arithmetic.negate,
    arithmetic.sign,
    sumOfSquares,
  ].map(ofOne),
  ofOne((graph, x) => activations.leakyRelu(graph, x, 0.1)),
  ofOne((graph, x) => activations.hardSigmoid(graph, x, { slope: 0.2, offset: 0.5 })),
  ofOne((graph, x) => arithmetic.exponential(graph, activations.tanh(graph, x))),
  ofOne((graph, x) => arithmetic.power(graph, fromOneOn(graph, activations.tanh(graph, x)), graph.scalar(1.5))),
  ...[arithmetic.logarithm, arithmetic.squareRoot, arithmetic.reciprocal].map((operator) =>
    ofOne((graph, x) => operator(graph, fromOneOn(graph, x))),
  ),
  ofOne((graph, x) => clip(graph, x, { least: graph.scalar(-0.5) })),
  ofOne((graph, x) => clip(graph, x, { least: graph.scalar(-1), most: graph.scalar(1) })),
  ofOne((graph, x) => cast(graph, cast(graph, activations.tanh(graph, x), "int32"), "float32")),
  ofOne((graph, x) => cast(graph, shapeOf(graph, x), "float32")),
  ofOne((graph, x) => filledLike(graph, x, 0.5)),
  ofOne((graph, x) => zerosOf(graph, x, [2, ...x.shape])),
  ...[arithmetic.add, arithmetic.subtract, arithmetic.maximum, arithmetic.minimum].map(ofTwo),
  ofTwo((graph, a, b) => arithmetic.multiply(graph, a, activations.tanh(graph, b))),
  ofTwo((graph, a, b) => arithmetic.divide(graph, a, fromOneOn(graph, b))),
  ofTwo((graph, a, b) => where(graph, greater(graph, a, b), { then: a, otherwise: b })),
  ofTwo((graph, a, b) => where(graph, equal(graph, a, b), { then: a, otherwise: b })),
];

function ofOne(operator: (graph: GraphBuilder, x: GraphTensor) => GraphTensor): RandomOperator {
  return (graph, x) => [operator(graph, x)];
}

/** With another tensor of the graph or, where that does not fit, with a weight. */
function ofTwo(operator: (graph: GraphBuilder, a: GraphTensor, b: GraphTensor) => GraphTensor): RandomOperator {
  return (graph, x, draw) => {
    const other = draw.tensor();
    return [operator(graph, x, canBroadcast(x, other) ? other : draw.weight(...x.shape.slice(1).map(Number)))];
  };
}

function fromOneOn(graph: GraphBuilder, x: GraphTensor): GraphTensor {
  return arithmetic.add(graph, arithmetic.absolute(graph, x), graph.scalar(1));
}
