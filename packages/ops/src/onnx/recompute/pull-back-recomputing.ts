import { copyNodes } from "../copy-nodes.ts";
import { movingWith, pullBackThrough, type KnownGradient } from "../differentiate/differentiate.ts";
import { isFloat, type GraphNode, type GraphScope, type GraphTensor } from "../graph-builder.ts";
import { nodesBehind } from "../nodes-behind.ts";
import { add } from "../operators/arithmetic.ts";
import { clip } from "../operators/choices.ts";
import { cast } from "../operators/conversions.ts";
import { reshape } from "../operators/layout.ts";
import { sliceAxes } from "../operators/slicing.ts";
import { scalarLike } from "../operators/filling.ts";
import { chooseSegments, type Segment } from "./choose-segments.ts";

export interface Recomputing {
  readonly trainables: readonly GraphTensor[];
  /** Which share of the activations may be kept, 0 to 1. */
  readonly share: number;
}

/**
 * `pullBack` with less memory: of most of the forward pass only what crosses some cuts is kept, and what lies between two cuts is
 * worked out once more when the gradient has come so far. The gradients are those of `pullBack`, bit for bit, but where a tensor is
 * sliced in several segments and used whole as well: that adds up in another order.
 */
export function pullBackRecomputing(
  graph: GraphScope,
  known: KnownGradient,
  { trainables, share }: Recomputing,
): readonly (GraphTensor | null)[] {
  const forward = nodesBehind(graph.nodes, [known.tensor]);
  const { ofData, ofWeights, isFixed } = apart(graph, forward, trainables);
  const moving = movingWith(trainables, forward);
  const reached = new Map([[known.tensor.name, known.gradient]]);
  const targetsOf = (nodes: readonly GraphNode[]): readonly GraphTensor[] => {
    const own = new Set(nodes.flatMap(({ outputs }) => outputs.map(({ name }) => name)));
    const read = nodes.flatMap(({ inputs }) => inputs.flatMap((input) => input ?? []));
    const named = new Map(read.map((tensor) => [tensor.name, tensor] as const));
    return [...named.values()].filter(({ name }) => moving.has(name) && !own.has(name));
  };
  for (const segment of chooseSegments(ofData, share).toReversed()) {
    goBack(graph, segment, { reached, isFixed, targets: targetsOf(segment.nodes) });
  }
  // What is made of weights alone (a cast, a low-rank sum) is small, and the same in every segment.
  goBack(graph, { nodes: ofWeights, isKept: true }, { reached, isFixed, targets: targetsOf(ofWeights) });
  return trainables.map(({ name }) => reached.get(name) ?? null);
}

/**
 * What is made of weights and constants alone, and what is made of weights and data. What weights have no part in is neither,
 * images and whatever made the weights themselves: no gradient comes to it, so that little of it is kept anyway.
 */
function apart(graph: GraphScope, nodes: readonly GraphNode[], trainables: readonly GraphTensor[]) {
  const [fixed, touched] = [0, 1].map(() => new Set(trainables.map(({ name }) => name)));
  const isFixed = (tensor: GraphTensor): boolean => fixed!.has(tensor.name) || graph.isConstant(tensor);
  const [ofWeights, ofData]: [GraphNode[], GraphNode[]] = [[], []];
  for (const node of nodes) {
    const inputs = node.inputs.filter((input) => input !== null);
    const isOfWeights = inputs.every(isFixed);
    const isTouched = inputs.some(({ name }) => touched!.has(name));
    for (const { name } of node.outputs) {
      if (isOfWeights) fixed!.add(name);
      if (isTouched) touched!.add(name);
    }
    if (isOfWeights) ofWeights.push(node);
    else if (isTouched) ofData.push(node);
  }
  return { ofWeights, ofData, isFixed };
}

interface Way {
  /** The gradients so far, by tensor. */
  readonly reached: Map<string, GraphTensor>;
  /** Whether a tensor is the same for all data. */
  readonly isFixed: (tensor: GraphTensor) => boolean;
  /** What comes into the segment and moves. */
  readonly targets: readonly GraphTensor[];
}

/** Adds to the gradients of what comes into a segment, given those of what it gives. */
function goBack(graph: GraphScope, { nodes, isKept }: Segment, { reached, targets, isFixed }: Way): void {
  const gradientsFor = (tensors: readonly GraphTensor[]): readonly KnownGradient[] =>
    tensors.flatMap((tensor) => {
      const gradient = reached.get(tensor.name);
      return gradient === undefined ? [] : [{ tensor, gradient }];
    });
  const ends = gradientsFor(nodes.flatMap(({ outputs }) => outputs));
  const [first] = ends;
  if (first === undefined || targets.length === 0) return;
  const again = isKept
    ? copyNodes(graph, [], new Map())
    : workOutAgain(graph, nodes, { gradient: first.gradient, isFixed });
  // What reached a target from later segments goes in, so that all is added in the order in which it is without segments.
  const gradients = pullBackThrough(graph, isKept ? nodes : again.nodes, {
    known: [...ends, ...gradientsFor(targets)].map(({ tensor, gradient }) => ({ tensor: again.of(tensor), gradient })),
    trainables: targets.map(again.of),
  });
  targets.forEach(({ name }, place) => {
    const gradient = gradients[place] ?? null;
    if (gradient !== null) reached.set(name, gradient);
  });
}

/**
 * The nodes once more, over inputs that wait for a gradient: a zero that is made of it is added to them. Nothing else would keep
 * the engine from working out all segments before the first gradient is there, or from taking the results that it has.
 */
function workOutAgain(
  graph: GraphScope,
  nodes: readonly GraphNode[],
  { gradient, isFixed }: Pick<Way, "isFixed"> & { readonly gradient: GraphTensor },
) {
  const own = new Set(nodes.flatMap(({ outputs }) => outputs.map(({ name }) => name)));
  const first = sliceAxes(
    graph,
    gradient,
    gradient.shape.map((_, axis) => ({ axis, start: 0, end: 1, step: 1 })),
  );
  const zero = scalarLike(graph, gradient, 0);
  const waiting = clip(graph, reshape(graph, first, []), { least: zero, most: zero });
  const replaced = new Map<string, GraphTensor>();
  for (const input of nodes.flatMap(({ inputs }) => inputs.flatMap((each) => each ?? []))) {
    if (own.has(input.name) || replaced.has(input.name) || isFixed(input) || !isFloat(input)) continue;
    replaced.set(
      input.name,
      add(graph, input, input.type === waiting.type ? waiting : cast(graph, waiting, input.type)),
    );
  }
  return copyNodes(graph, nodes, replaced);
}
