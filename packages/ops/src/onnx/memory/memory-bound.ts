import type { GraphNode, GraphTensor } from "../graph-builder.ts";
import { bytesOf } from "../tensor-bytes.ts";

export interface MemoryUse {
  /** Inputs and constants, which are there all the time, bytes. */
  readonly resident: number;
  /** The most that results of nodes take at the same time, those that leave the graph among them, bytes. */
  readonly results: number;
  /** The node at which that is. */
  readonly at: GraphNode | null;
}

export interface MemoryQuestion {
  /** In the order in which they run. */
  readonly nodes: readonly GraphNode[];
  readonly inputs: readonly GraphTensor[];
  readonly outputs: readonly GraphTensor[];
}

/**
 * How little memory a graph can run in: every result is there from its node on to the last that reads it, and no byte longer; a
 * result that can be worked out in the place of an input that ends there takes its place. Engines need more: their allocators round
 * up, and products have working memory.
 */
export function memoryBound({ nodes, inputs, outputs }: MemoryQuestion): MemoryUse {
  const storage = shareStorage(nodes);
  const lastUse = new Map<string, number>();
  nodes.forEach((node, at) => {
    for (const input of node.inputs) if (input !== null) lastUse.set(storage(input.name), at);
  });
  for (const { name } of outputs) lastUse.set(storage(name), Infinity);

  const live = new Map<string, number>();
  let [now, results, at]: [number, number, GraphNode | null] = [0, 0, null];
  nodes.forEach((node, place) => {
    const ending = endingAt(node, place, { storage, lastUse, live });
    for (const output of node.outputs) {
      if (storage(output.name) !== output.name) continue;
      const bytes = bytesOf(output);
      const taken = inPlace.has(node.operator) ? ending.find((name) => live.get(name) === bytes) : undefined;
      if (taken !== undefined) {
        ending.splice(ending.indexOf(taken), 1);
        live.delete(taken);
        now -= bytes;
      }
      live.set(output.name, bytes);
      now += bytes;
    }
    if (now > results) [results, at] = [now, node];
    const unread = node.outputs.map(({ name }) => name).filter((name) => live.has(name) && !lastUse.has(name));
    for (const name of [...ending, ...unread]) {
      now -= live.get(name) ?? 0;
      live.delete(name);
    }
  });
  return { resident: residentBytes({ nodes, inputs, outputs }), results, at };
}

interface Liveness {
  readonly storage: (name: string) => string;
  readonly lastUse: ReadonlyMap<string, number>;
  readonly live: ReadonlyMap<string, number>;
}

/** Tensors of nodes that this node is the last to read. */
function endingAt(node: GraphNode, place: number, { storage, lastUse, live }: Liveness): string[] {
  const read = node.inputs.flatMap((input) => (input === null ? [] : [storage(input.name)]));
  return [...new Set(read)].filter((name) => live.has(name) && lastUse.get(name) === place);
}

/** By name the tensor whose memory another one is a view of. */
function shareStorage(nodes: readonly GraphNode[]): (name: string) => string {
  const origin = new Map<string, string>();
  for (const { operator, inputs, outputs } of nodes) {
    const [input] = inputs;
    if (!views.has(operator) || input == null) continue;
    origin.set(outputs[0]!.name, origin.get(input.name) ?? input.name);
  }
  return (name) => origin.get(name) ?? name;
}

/** Operators whose result is their input under another shape. */
export const views: ReadonlySet<string> = new Set(["Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity"]);

/** Operators that can write over an input of the result's size. */
const inPlace: ReadonlySet<string> = new Set([
  ...[
    "Add",
    "Sub",
    "Mul",
    "Div",
    "Pow",
    "Max",
    "Min",
    "Where",
    "Sum",
    "Neg",
    "Abs",
    "Exp",
    "Log",
    "Sqrt",
    "Erf",
    "Tanh",
  ],
  ...[
    "Sigmoid",
    "Relu",
    "LeakyRelu",
    "HardSwish",
    "HardSigmoid",
    "Gelu",
    "Softmax",
    "LogSoftmax",
    "Clip",
    "Reciprocal",
  ],
  ...["Cast", "LayerNormalization", "BatchNormalization", "ScatterElements"],
]);

function residentBytes({ nodes, inputs }: MemoryQuestion): number {
  const made = new Set(nodes.flatMap(({ outputs }) => outputs.map(({ name }) => name)));
  const read = nodes.flatMap((node) => node.inputs.flatMap((input) => input ?? []));
  const all = new Map([...inputs, ...read].map((tensor) => [tensor.name, tensor] as const));
  return [...all.values()].reduce((sum, tensor) => sum + (made.has(tensor.name) ? 0 : bytesOf(tensor)), 0);
}
