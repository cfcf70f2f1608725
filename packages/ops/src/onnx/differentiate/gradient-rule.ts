import type { GraphNode, GraphScope, GraphTensor } from "../graph-builder.ts";
import type { PartGradient } from "./gradient-sums.ts";

/**
 * How the gradient of an operator's inputs follows from those of its results: one function per input, in their order, that
 * adds the nodes for it. Null stands for an input that has none. Only what is asked for is added.
 */
export type GradientRule = (call: RuleCall) => readonly ((() => GraphTensor | PartGradient) | null)[];

export interface RuleCall {
  readonly graph: GraphScope;
  readonly node: GraphNode;
  /** For each result; null where the loss does not depend on it. One at least is there. */
  readonly gradients: readonly (GraphTensor | null)[];
}

/** The rule of an operator, by its name in ONNX. */
export type NamedRule = readonly [operator: string, rule: GradientRule];

/** A call of an operator with one result and at most three inputs that matter. */
export interface SimpleCall {
  readonly graph: GraphScope;
  readonly node: GraphNode;
  readonly gradient: GraphTensor;
  readonly result: GraphTensor;
  /** The inputs that are there. */
  readonly inputs: readonly GraphTensor[];
}

/** The rule of an operator with one result, which therefore has a gradient. */
export function ofOneResult(rule: (call: SimpleCall) => ReturnType<GradientRule>): GradientRule {
  return ({ graph, node, gradients }) => {
    const [[gradient], [result]] = [gradients, node.outputs];
    if (gradient == null || result === undefined) throw new Error(`The node ${node.name} has no gradient to pass on.`);
    return rule({ graph, node, gradient, result, inputs: node.inputs.filter((input) => input !== null) });
  };
}
