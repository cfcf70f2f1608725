import type { GraphTensor } from "../../graph-builder.ts";
import {
  cosine,
  divide,
  exponential,
  logarithm,
  multiply,
  negate,
  power,
  sign,
  sine,
  subtract,
} from "../../operators/arithmetic.ts";
import { equal, greater, where } from "../../operators/choices.ts";
import { sumBack } from "../broadcasting.ts";
import { scalarLike } from "../../operators/filling.ts";
import { ofOneResult, type GradientRule, type NamedRule, type SimpleCall } from "../gradient-rule.ts";

/** Element by element; what was broadcast is summed back. */
export const arithmeticRules: readonly NamedRule[] = [
  ["Add", ofTwo(({ gradient }) => [() => gradient, () => gradient])],
  ["Sub", ofTwo(({ graph, gradient }) => [() => gradient, () => negate(graph, gradient)])],
  [
    "Mul",
    ofTwo(({ graph, gradient, a, b }) => [() => multiply(graph, gradient, b), () => multiply(graph, gradient, a)]),
  ],
  [
    "Div",
    // d(a/b)/db = -(a/b)/b
    ofTwo(({ graph, gradient, result, b }) => [
      () => divide(graph, gradient, b),
      () => negate(graph, divide(graph, multiply(graph, gradient, result), b)),
    ]),
  ],
  ["Neg", ofOneResult(({ graph, gradient }) => [() => negate(graph, gradient)])],
  ["Exp", ofOneResult(({ graph, gradient, result }) => [() => multiply(graph, gradient, result)])],
  [
    "Pow",
    // As PyTorch has it: da = b · a^(b-1), 0 where b is 0; db = a^b · log(a), 0 where a is 0 and b at least 0.
    ofTwo(({ graph, gradient, result, a, b }) => {
      const [zero, one] = [scalarLike(graph, a, 0), scalarLike(graph, a, 1)];
      return [
        () => {
          // Where b is 0 a power of 0 stands beside it, which is 1 also for an a of 0.
          const lowered = subtract(graph, where(graph, equal(graph, b, zero), { then: one, otherwise: b }), one);
          return multiply(graph, gradient, multiply(graph, b, power(graph, a, lowered)));
        },
        () => {
          const slope = multiply(graph, result, logarithm(graph, a));
          const ofZero = where(graph, greater(graph, zero, b), { then: slope, otherwise: zero });
          return multiply(graph, gradient, where(graph, equal(graph, a, zero), { then: ofZero, otherwise: slope }));
        },
      ];
    }),
  ],
  [
    "Sqrt",
    ofOneResult(({ graph, gradient, result }) => [
      () => divide(graph, gradient, multiply(graph, scalarLike(graph, result, 2), result)),
    ]),
  ],
  ["Abs", ofOneResult(({ graph, gradient, inputs: [x] }) => [() => multiply(graph, gradient, sign(graph, x!))])],
  [
    "Reciprocal",
    ofOneResult(({ graph, gradient, result }) => [
      () => negate(graph, multiply(graph, gradient, multiply(graph, result, result))),
    ]),
  ],
  [
    "Erf",
    // 2/√π · exp(-x²)
    ofOneResult(({ graph, gradient, inputs: [x] }) => [
      () => {
        const bell = exponential(graph, negate(graph, multiply(graph, x!, x!)));
        return multiply(graph, gradient, multiply(graph, scalarLike(graph, x!, 2 / Math.sqrt(Math.PI)), bell));
      },
    ]),
  ],
  ["Log", ofOneResult(({ graph, gradient, inputs: [x] }) => [() => divide(graph, gradient, x!)])],
  ["Sin", ofOneResult(({ graph, gradient, inputs: [x] }) => [() => multiply(graph, gradient, cosine(graph, x!))])],
  [
    "Cos",
    ofOneResult(({ graph, gradient, inputs: [x] }) => [
      () => negate(graph, multiply(graph, gradient, sine(graph, x!))),
    ]),
  ],
];

interface TwoInputs extends SimpleCall {
  readonly a: GraphTensor;
  readonly b: GraphTensor;
}

function ofTwo(rule: (call: TwoInputs) => readonly [() => GraphTensor, () => GraphTensor]): GradientRule {
  return ofOneResult((call) => {
    const [a, b] = [call.inputs[0]!, call.inputs[1]!];
    const [ofA, ofB] = rule({ ...call, a, b });
    return [() => sumBack(call.graph, ofA(), a), () => sumBack(call.graph, ofB(), b)];
  });
}
