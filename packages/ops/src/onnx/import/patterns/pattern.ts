import type { GraphNode, GraphScope, GraphTensor } from "../../graph-builder.ts";

/** Several operators that come to one. */
export interface Pattern {
  /** Of the last node of the pattern. */
  readonly operator: string;
  /** What the node gives by one operator; null where it is not the pattern's last. */
  readonly replace: (graph: GraphScope, node: GraphNode) => GraphTensor | null;
}

/** The node that a tensor is the first result of. Patterns lie close together, so the search goes backwards. */
export function nodeOf({ nodes }: GraphScope, { name }: GraphTensor): GraphNode | null {
  return nodes.findLast((node) => node.outputs[0]?.name === name) ?? null;
}

/** The inputs of a tensor that an operator gave; null where another did. */
export function inputsOf(graph: GraphScope, tensor: GraphTensor, operator: string): readonly GraphTensor[] | null {
  const node = nodeOf(graph, tensor);
  return node?.operator === operator ? node.inputs.flatMap((input) => input ?? []) : null;
}

/** The value of a single constant; null for any other tensor. */
export function scalarOf(graph: GraphScope, tensor: GraphTensor): number | null {
  const values = graph.floatsOf(tensor);
  return values?.length === 1 ? values[0]! : null;
}

/** A tensor as a product of single constants and of other tensors. */
export interface Factors {
  readonly constant: number;
  readonly tensors: readonly GraphTensor[];
}

/** @param whole what is not taken apart, though it may be a product itself */
export function factorsOf(graph: GraphScope, tensor: GraphTensor, whole: readonly GraphTensor[] = []): Factors {
  const constant = scalarOf(graph, tensor);
  if (constant !== null) return { constant, tensors: [] };
  const split = whole.some((each) => isSame(each, tensor)) ? null : splitProduct(graph, tensor);
  if (split === null) return { constant: 1, tensors: [tensor] };
  const parts = split.factors.map((each) => factorsOf(graph, each, whole));
  return {
    constant: parts.reduce((all, each) => all * each.constant, 1) / split.divisor,
    tensors: parts.flatMap((each) => each.tensors),
  };
}

/** All that a product is made of: its factors, those of each of them, and so on. */
export function partsOf(graph: GraphScope, tensor: GraphTensor): readonly GraphTensor[] {
  const factors = splitProduct(graph, tensor)?.factors ?? [];
  return [...factors, ...factors.flatMap((each) => partsOf(graph, each))];
}

/** The last product that a tensor comes of, or the last quotient by a single constant. */
function splitProduct(
  graph: GraphScope,
  tensor: GraphTensor,
): { readonly factors: readonly GraphTensor[]; readonly divisor: number } | null {
  const factors = inputsOf(graph, tensor, "Mul");
  if (factors !== null) return { factors, divisor: 1 };
  const [dividend, by] = inputsOf(graph, tensor, "Div") ?? [];
  const divisor = by === undefined ? null : scalarOf(graph, by);
  return dividend === undefined || divisor === null ? null : { factors: [dividend], divisor };
}

/** A tensor as a sum of one single constant and one other tensor; null where it is none. */
export function plusConstant(
  graph: GraphScope,
  tensor: GraphTensor,
): { readonly constant: number; readonly tensor: GraphTensor } | null {
  const inputs = inputsOf(graph, tensor, "Add");
  if (inputs === null) return null;
  const place = inputs.findIndex((each) => scalarOf(graph, each) !== null);
  const [constant, other] = [inputs[place], inputs[1 - place]];
  if (constant === undefined || other === undefined) return null;
  return { constant: scalarOf(graph, constant)!, tensor: other };
}

export function isSame(a: GraphTensor, b: GraphTensor): boolean {
  return a.name === b.name;
}

/** Whether a constant is what it should be, to what exporters write of it in float32 or in a few digits. */
export function isNear(value: number, expected: number): boolean {
  return Math.abs(value - expected) <= 1e-4 * Math.abs(expected);
}
