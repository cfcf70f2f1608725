import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import { listTensors, requireTensor } from "../expose-tensor.ts";
import type { OnnxModel } from "../onnx-model.ts";
import { pruneNodes } from "../prune-nodes.ts";
import { checkInputs } from "./check-inputs.ts";
import { importNodes, type ImportScope } from "./import-nodes.ts";
import type { ImportCall } from "./importer.ts";
import { initializerOf } from "./initializers.ts";
import { checkOperatorSet } from "./operator-sets.ts";

/** How a graph of ours uses a model file. */
export interface ModelUse {
  /** The file's name, for messages. */
  readonly file: string;
  /** The model's inputs by name, of sizes that are all known. */
  readonly inputs: Readonly<Record<string, GraphTensor>>;
  /** Which of its tensors are wanted: outputs or inner ones. What none of them needs is left out. */
  readonly tensors: readonly string[];
  /** What stands in place of an initialiser, e.g. a parameter that is trained; null for what the file has. */
  readonly weightOf?: (name: string) => GraphTensor | null;
  /** May put something else in place of what a node gives; by default `add()`, the node itself. */
  readonly rewrite?: NodeRewrite;
}

export type NodeRewrite = (call: ImportCall, add: () => readonly GraphTensor[]) => readonly GraphTensor[];

/** One rewrite after the other: the first is closest to the node. */
export function chainRewrites(...rewrites: readonly NodeRewrite[]): NodeRewrite {
  return (call, add) => {
    const all = rewrites.reduce<() => readonly GraphTensor[]>((inner, rewrite) => () => rewrite(call, inner), add);
    return all();
  };
}

/**
 * Adds what a model file computes to a graph, in the operators of ours, with every size known: shapes that the file works out are
 * worked out now. The same model may be applied to other tensors again, or inside a loop.
 * @returns the wanted tensors by name
 * @throws OpError `onnx-no-such-output`, `onnx-input-mismatch`, `onnx-operator-unknown`, `onnx-node-invalid`
 */
export function applyModel(graph: GraphScope, model: OnnxModel, use: ModelUse): ReadonlyMap<string, GraphTensor> {
  const names = listTensors(model);
  const inputs = Object.keys(use.inputs);
  for (const tensor of use.tensors) if (!inputs.includes(tensor)) requireTensor(names, tensor, use.file);
  checkOperatorSet(model, use.file);
  checkInputs(model, use);
  const scope = scopeOf(graph, model, use);
  importNodes(graph, pruneNodes(model.graph.node ?? [], use.tensors), scope);
  return new Map(use.tensors.map((name) => [name, wantedOf(scope, name)]));
}

function scopeOf(graph: GraphScope, model: OnnxModel, use: ModelUse): ImportScope {
  const stored = new Map((model.graph.initializer ?? []).map((tensor) => [tensor.name ?? "", tensor] as const));
  const tensors = new Map(Object.entries(use.inputs));
  return {
    file: use.file,
    model,
    opset: model.opsetImport ?? [],
    rewrite: use.rewrite ?? ((_, add) => add()),
    tensorOf(name) {
      const known = tensors.get(name);
      if (known !== undefined) return known;
      const tensor = stored.get(name);
      const weight = use.weightOf?.(name) ?? (tensor === undefined ? null : initializerOf(graph, tensor));
      if (weight !== null) tensors.set(name, weight);
      return weight;
    },
    keep: (name, tensor) => tensors.set(name, tensor),
  };
}

function wantedOf(scope: ImportScope, name: string): GraphTensor {
  const tensor = scope.tensorOf(name);
  if (tensor !== null) return tensor;
  throw new Error(`The node of the tensor "${name}" has no result for it.`);
}
