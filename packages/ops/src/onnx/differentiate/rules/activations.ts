import { exponential, multiply, subtract } from "../../operators/arithmetic.ts";
import { greater, where } from "../../operators/choices.ts";
import { sigmoid } from "../../operators/activations.ts";
import { sumKeepingAxes } from "../../operators/reductions.ts";
import { axisOf } from "../attributes.ts";
import { scalarLike } from "../broadcasting.ts";
import { ofOneResult, type NamedRule } from "../gradient-rule.ts";

export const activationRules: readonly NamedRule[] = [
  [
    "Relu",
    // At 0 the gradient is 0, as PyTorch has it.
    ofOneResult(({ graph, gradient, result }) => [
      () => {
        const zero = scalarLike(graph, result, 0);
        return where(graph, greater(graph, result, zero), { then: gradient, otherwise: zero });
      },
    ]),
  ],
  [
    "Sigmoid",
    ofOneResult(({ graph, gradient, result }) => [
      () => {
        const slope = multiply(graph, result, subtract(graph, scalarLike(graph, result, 1), result));
        return multiply(graph, gradient, slope);
      },
    ]),
  ],
  [
    "Softplus",
    ofOneResult(({ graph, gradient, inputs: [x] }) => [() => multiply(graph, gradient, sigmoid(graph, x!))]),
  ],
  [
    "Softmax",
    // y · (g - sum(g · y))
    ofOneResult(({ graph, node, gradient, result }) => [
      () => {
        const weighted = multiply(graph, gradient, result);
        const total = sumKeepingAxes(graph, weighted, [axisOf(node, result, -1)]);
        return subtract(graph, weighted, multiply(graph, result, total));
      },
    ]),
  ],
  [
    "LogSoftmax",
    // g - softmax(x) · sum(g)
    ofOneResult(({ graph, node, gradient, result }) => [
      () => {
        const total = sumKeepingAxes(graph, gradient, [axisOf(node, result, -1)]);
        return subtract(graph, gradient, multiply(graph, exponential(graph, result), total));
      },
    ]),
  ],
];
