import type { GraphTensor } from "../../graph-builder.ts";
import { divide, multiply, negate } from "../../operators/arithmetic.ts";
import { sumBack } from "../broadcasting.ts";
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
  ["Log", ofOneResult(({ graph, gradient, inputs: [x] }) => [() => divide(graph, gradient, x!)])],
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
