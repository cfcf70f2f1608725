import { toOnnxNode, type GraphNode, type GraphScope, type GraphTensor } from "../graph-builder.ts";
import type { Tensor } from "../interpreter/tensor.ts";
import { elementCount } from "../shapes.ts";
import { foldingKernels } from "./folding-kernels.ts";
import { mostKnown } from "./initializers.ts";

/**
 * What nodes make of constants, as constants of the graph: the values of every result of theirs that is known. The nodes stay,
 * and are left out of the model where nothing reads them any more. Large results are left to be worked out when the graph runs.
 */
export function foldConstants(graph: GraphScope, nodes: readonly GraphNode[]): ReadonlyMap<string, GraphTensor> {
  const folded = new Map<string, GraphTensor>();
  const valueOf = (tensor: GraphTensor): Tensor | null => {
    const known = folded.get(tensor.name) ?? tensor;
    const values = graph.valuesOf(known);
    return values === null ? null : { dims: known.shape.map(Number), data: Float64Array.from(values) };
  };
  for (const node of nodes) {
    const kernel = foldingKernels.get(node.operator);
    const isSmall = node.outputs.every(({ shape }) => Number(elementCount(shape)) <= mostKnown);
    const inputs = node.inputs.map((input) => (input === null ? null : valueOf(input)));
    const isKnown = inputs.every((value, place) => value !== null || node.inputs[place] === null);
    if (kernel === undefined || !isSmall || !isKnown || node.inputs.length === 0) continue;
    const results = kernel(inputs, toOnnxNode(node));
    node.outputs.forEach((output, place) => {
      const result = results[place];
      if (result === undefined || !canHold(output, result)) return;
      folded.set(output.name, graph.constant(Array.from(result.data), { type: output.type, shape: result.dims }));
    });
  }
  return folded;
}

/** What is divided by zero is no whole number, and left to the engine. */
function canHold({ type }: GraphTensor, { data }: Tensor): boolean {
  return type.startsWith("float") || data.every(Number.isFinite);
}
