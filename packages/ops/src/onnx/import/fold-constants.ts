import { toOnnxNode, type GraphNode, type GraphScope, type GraphTensor } from "../graph-builder.ts";
import { kernels } from "../interpreter/interpret.ts";
import { elementCount } from "../shapes.ts";
import type { Tensor } from "../interpreter/tensor.ts";

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
    const kernel = kernels.get(node.operator);
    const isSmall = node.outputs.every(({ shape }) => Number(elementCount(shape)) <= mostEntries);
    const inputs = node.inputs.map((input) => (input === null ? null : valueOf(input)));
    const isKnown = inputs.every((value, place) => value !== null || node.inputs[place] === null);
    if (kernel === undefined || !isSmall || !isKnown || node.inputs.length === 0) continue;
    const results = kernel(inputs, toOnnxNode(node));
    node.outputs.forEach(({ name, type }, place) => {
      const result = results[place];
      if (result === undefined) return;
      folded.set(name, graph.constant(Array.from(result.data), { type, shape: result.dims }));
    });
  }
  return folded;
}

/** Sizes and bounds are a few numbers, masks and tables of positions some thousands. */
const mostEntries = 1 << 14;
