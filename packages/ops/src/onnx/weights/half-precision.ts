import { isFloat, type FloatType, type GraphNode, type GraphScope, type GraphTensor } from "../graph-builder.ts";
import { elementTypes } from "../onnx-model.ts";
import { cast } from "../operators/conversions.ts";

/** What a network is computed in. */
export type Precision = "float32" | "float16";

export interface PrecisionCall {
  /** Of a forward pass, in the graph's order. */
  readonly nodes: readonly GraphNode[];
  /** What they are for. What it does not depend on, such as running moments, is computed in float32 in any case. */
  readonly result: GraphTensor;
  readonly precision: Precision;
}

/**
 * Adds nodes once more such that they compute in one precision, whatever they did: weights, images and constants are rounded where
 * they enter, and nothing else changes. The gradients of what enters as float32 are float32 again. The nodes themselves are left
 * behind, for nothing to read.
 *
 * Source: Micikevicius et al., Mixed Precision Training (2018), section 3.
 * @returns what a tensor became
 */
export function inPrecision(
  graph: GraphScope,
  { nodes, result, precision }: PrecisionCall,
): (tensor: GraphTensor) => GraphTensor {
  const isWide = nodes.every(({ outputs }) => outputs.every((output) => !isFloat(output) || output.type === "float32"));
  if (isWide && precision === "float32") return (tensor) => tensor;
  const needed = neededFor(result, nodes);
  const [made, rounded] = [new Map<string, GraphTensor>(), new Map<string, GraphTensor>()];
  const of = (tensor: GraphTensor): GraphTensor => made.get(tensor.name) ?? tensor;
  const as = (type: FloatType, tensor: GraphTensor): GraphTensor => {
    const own = of(tensor);
    if (!isFloat(own) || own.type === type) return own;
    const key = `${type} ${own.name}`;
    const other = rounded.get(key) ?? round(graph, own, type);
    rounded.set(key, other);
    return other;
  };
  for (const node of nodes) {
    const [input, output] = [node.inputs[0] ?? null, node.outputs[0]!];
    if (node.operator === "Cast" && input !== null && isFloat(input) && isFloat(output)) {
      made.set(output.name, of(input));
      continue;
    }
    const type = needed.has(node) && !wideOperators.has(node.operator) ? precision : "float32";
    const inputs = node.inputs.map((tensor, place) => {
      // A resized image's scales are float32, whatever it is itself.
      if (tensor === null || (node.operator === "Resize" && place > 0)) return tensor;
      return as(type, tensor);
    });
    const results = addNode(graph, { ...node, inputs }, type);
    node.outputs.forEach(({ name }, place) => made.set(name, results[place]!));
  }
  return of;
}

/**
 * What is computed in float32 all the same: in between it squares or raises, which leaves float16 from 256 on, where its results do
 * not. A softmax stays in float16: it is among the largest activations, and lies between 0 and 1.
 */
const wideOperators: ReadonlySet<string> = new Set([
  ...["BatchNormalization", "GroupNormalization", "InstanceNormalization", "LayerNormalization"],
  ...["Exp", "Log", "Pow"],
]);

function neededFor({ name: end }: GraphTensor, nodes: readonly GraphNode[]): ReadonlySet<GraphNode> {
  const wanted = new Set([end]);
  const needed = nodes.toReversed().filter(({ inputs, outputs }) => {
    if (!outputs.some(({ name }) => wanted.has(name))) return false;
    for (const input of inputs) if (input !== null) wanted.add(input.name);
    return true;
  });
  return new Set(needed);
}

function addNode(
  graph: GraphScope,
  { operator, inputs, attributes, outputs, origin }: GraphNode,
  type: FloatType,
): readonly GraphTensor[] {
  const results = outputs.map((output) => (isFloat(output) ? { ...output, type } : output));
  const isToFloat = operator === "Cast" && isFloat(outputs[0]!);
  const scope = origin === null ? graph : graph.from(origin);
  return scope.nodeWithResults(
    { operator, inputs, attributes: isToFloat ? { to: { int: elementTypes[type] } } : attributes },
    results,
  );
}

/** What is known by its values is rounded now, and what is finite stays so: masks are made of the lowest number that there is. */
function round(graph: GraphScope, tensor: GraphTensor, type: FloatType): GraphTensor {
  const values = graph.valuesOf(tensor);
  if (values === null) return cast(graph, tensor, type);
  const most = type === "float16" ? largestHalf : Infinity;
  const within = values.map((value) => (Number.isFinite(value) ? Math.min(most, Math.max(-most, value)) : value));
  return graph.constant(within, { type, shape: tensor.shape.map(Number) });
}

const largestHalf = 65504;
