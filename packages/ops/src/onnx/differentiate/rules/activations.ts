import type { GraphTensor } from "../../graph-builder.ts";
import { add, errorFunction, exponential, multiply, subtract } from "../../operators/arithmetic.ts";
import { clip, greater, where } from "../../operators/choices.ts";
import { sigmoid, tanh } from "../../operators/activations.ts";
import { sumKeepingAxes } from "../../operators/reductions.ts";
import { axisOf, floatAttribute } from "../../attributes.ts";
import { keepBetween } from "../broadcasting.ts";
import { scalarLike } from "../../operators/filling.ts";
import { ofOneResult, type NamedRule, type SimpleCall } from "../gradient-rule.ts";

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
    "Tanh",
    // 1 - y²
    ofOneResult(({ graph, gradient, result }) => [
      () => {
        const slope = subtract(graph, scalarLike(graph, result, 1), multiply(graph, result, result));
        return multiply(graph, gradient, slope);
      },
    ]),
  ],
  [
    "LeakyRelu",
    // At 0 the slope is that of the negative side, as PyTorch has it.
    ofOneResult(({ graph, node, gradient, inputs: [x] }) => [
      () => {
        const slope = scalarLike(graph, gradient, floatAttribute(node, "alpha", 0.01));
        const isPositive = greater(graph, x!, scalarLike(graph, x!, 0));
        return where(graph, isPositive, { then: gradient, otherwise: multiply(graph, gradient, slope) });
      },
    ]),
  ],
  [
    "Elu",
    // Of the negative side and at 0 the slope is alpha · exp(x), which is the result and alpha.
    ofOneResult(({ graph, node, gradient, result, inputs: [x] }) => [
      () => {
        const bent = add(graph, result, scalarLike(graph, result, floatAttribute(node, "alpha", 1)));
        const isPositive = greater(graph, x!, scalarLike(graph, x!, 0));
        return where(graph, isPositive, { then: gradient, otherwise: multiply(graph, gradient, bent) });
      },
    ]),
  ],
  [
    "HardSigmoid",
    ofOneResult(({ graph, node, gradient, result }) => [
      () => {
        const slope = scalarLike(graph, gradient, floatAttribute(node, "alpha", 0.2));
        return keepBetween(graph, multiply(graph, gradient, slope), { x: result, least: 0, most: 1 });
      },
    ]),
  ],
  [
    "HardSwish",
    // 0 up to -3, 1 from 3 on, as PyTorch has it, and x/3 + 1/2 between them.
    ofOneResult(({ graph, gradient, inputs: [x] }) => [
      () => {
        const [zero, half, one] = [0, 0.5, 1].map((value) => scalarLike(graph, x!, value));
        const line = add(graph, multiply(graph, x!, scalarLike(graph, x!, 1 / 3)), half!);
        const upper = where(graph, greater(graph, scalarLike(graph, x!, 3), x!), { then: line, otherwise: one! });
        const slope = where(graph, greater(graph, x!, scalarLike(graph, x!, -3)), { then: upper, otherwise: zero! });
        return multiply(graph, gradient, slope);
      },
    ]),
  ],
  ["Gelu", ofOneResult((call) => [() => multiply(call.graph, call.gradient, geluSlope(call))])],
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

/** Φ(x) + x · φ(x), with the normal distribution's density φ; or the same of the approximation by tanh. */
function geluSlope({ graph, node, inputs: [x] }: SimpleCall): GraphTensor {
  const constant = (value: number): GraphTensor => scalarLike(graph, x!, value);
  const { approximate } = node.attributes;
  if (approximate !== undefined && "string" in approximate && approximate.string === "tanh") {
    // With u = √(2/π) · (x + 0.044715 x³): (1 + tanh u)/2 + x/2 · (1 - tanh² u) · u'
    // Further out the slope is 0 or 1 whatever x is, and its square would leave the range of float16.
    const near = clip(graph, x!, { least: constant(-10), most: constant(10) });
    const square = multiply(graph, near, near);
    const factor = Math.sqrt(2 / Math.PI);
    const bent = add(graph, constant(factor), multiply(graph, square, constant(factor * 0.044715)));
    const t = tanh(graph, multiply(graph, near, bent));
    const steep = add(graph, constant(factor), multiply(graph, square, constant(factor * 3 * 0.044715)));
    const fall = multiply(graph, subtract(graph, constant(1), multiply(graph, t, t)), multiply(graph, near, steep));
    return multiply(graph, add(graph, add(graph, t, constant(1)), fall), constant(0.5));
  }
  const share = multiply(
    graph,
    add(graph, errorFunction(graph, multiply(graph, x!, constant(Math.SQRT1_2))), constant(1)),
    constant(0.5),
  );
  const bell = exponential(graph, multiply(graph, multiply(graph, x!, x!), constant(-0.5)));
  return add(graph, share, multiply(graph, x!, multiply(graph, bell, constant(1 / Math.sqrt(2 * Math.PI)))));
}
