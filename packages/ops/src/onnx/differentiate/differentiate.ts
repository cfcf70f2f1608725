import { isFloat, type GraphNode, type GraphScope, type GraphTensor } from "../graph-builder.ts";
import { filledLike } from "../operators/filling.ts";
import type { GradientRule } from "./gradient-rule.ts";
import { createGradientSums } from "./gradient-sums.ts";
import { noGradient } from "./no-gradient.ts";
import { gradientRules } from "./rules.ts";

/**
 * Reverse-mode differentiation, graph to graph: adds the nodes that compute the gradient of a loss and gives the gradient for
 * each of the trainables, of the trainable's shape; null where the loss does not depend on it. A loss of several entries
 * counts as their sum, so that independent losses share a pass and none touches another. Only what lies between a trainable
 * and the loss gets a gradient; whole numbers and truth values end a path.
 * @throws OpError `no-gradient-rule` naming node and operator
 */
export function differentiate(
  graph: GraphScope,
  loss: GraphTensor,
  trainables: readonly GraphTensor[],
): readonly (GraphTensor | null)[] {
  return pullBack(graph, { tensor: loss, gradient: filledLike(graph, loss, 1) }, trainables);
}

/** A tensor of a graph, and the gradient of a loss by it. */
export interface KnownGradient {
  readonly tensor: GraphTensor;
  readonly gradient: GraphTensor;
}

/** `differentiate` from a tensor on by which the gradient is known already. */
export function pullBack(
  graph: GraphScope,
  known: KnownGradient,
  trainables: readonly GraphTensor[],
): readonly (GraphTensor | null)[] {
  return pullBackThrough(graph, graph.nodes, { known: [known], trainables });
}

export interface PullBack {
  readonly known: readonly KnownGradient[];
  readonly trainables: readonly GraphTensor[];
}

/**
 * The same through some nodes of a graph alone, from several of their tensors on.
 *
 * Algorithm: Griewank and Walther, Evaluating Derivatives (2008), chapter 3, with one adjoint per tensor.
 * @throws OpError `no-gradient-rule` naming node and operator
 */
export function pullBackThrough(
  graph: GraphScope,
  through: readonly GraphNode[],
  { known, trainables }: PullBack,
): readonly (GraphTensor | null)[] {
  const ends = known.map(({ tensor }) => tensor.name);
  const moving = movingWith(trainables, through);
  const steps = pathTo(ends, moving, through).map((node) => ({ node, rule: ruleOf(node) }));

  const sums = createGradientSums(graph);
  for (const { tensor, gradient } of known) if (moving.has(tensor.name)) sums.add(tensor, gradient);
  for (const { node, rule } of steps.reverse()) {
    const gradients = node.outputs.map((output) => sums.of(output));
    if (gradients.every((gradient) => gradient === null)) continue;
    const ofInputs = rule({ graph, node, gradients });
    for (const [place, input] of node.inputs.entries()) {
      if (input === null || !moving.has(input.name)) continue;
      const gradient = ofInputs[place] ?? null;
      if (gradient === null) throw noGradient(node, `has no rule for the gradient of its input ${String(place + 1)}`);
      sums.add(input, gradient());
    }
  }
  return trainables.map((trainable) => sums.of(trainable));
}

/** Names of the tensors that change with a trainable. Whole numbers and truth values end a path. */
export function movingWith(trainables: readonly GraphTensor[], nodes: readonly GraphNode[]): ReadonlySet<string> {
  const moving = new Set(trainables.map(({ name }) => name));
  for (const { inputs, outputs } of nodes) {
    if (!inputs.some((input) => input !== null && moving.has(input.name))) continue;
    for (const output of outputs) if (isFloat(output)) moving.add(output.name);
  }
  return moving;
}

/** The nodes on the way from a trainable to one of the ends, in the graph's order. */
function pathTo(
  ends: readonly string[],
  moving: ReadonlySet<string>,
  nodes: readonly GraphNode[],
): readonly GraphNode[] {
  const wanted = new Set(ends);
  const path: GraphNode[] = [];
  for (const node of [...nodes].reverse()) {
    if (!node.outputs.some(({ name }) => wanted.has(name) && moving.has(name))) continue;
    for (const input of node.inputs) if (input !== null) wanted.add(input.name);
    path.push(node);
  }
  return path.reverse();
}

/**
 * Floor, Ceil, Round, Sign and Mod stay without a rule. Their slope is 0 almost everywhere, which is what PyTorch passes on; but
 * who trains through one (to quantise, say) means a slope of 1 in its place, and would train nothing without being told.
 */
function ruleOf(node: GraphNode): GradientRule {
  const rule = gradientRules.get(node.operator);
  if (rule === undefined) throw noGradient(node, "has no rule for its gradient");
  return rule;
}
