import { OpError } from "../../op-error.ts";
import { attributesOf, bindAttributes } from "./node-attributes.ts";
import { foldConstants } from "./fold-constants.ts";
import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import type { OnnxFunction, OnnxGraph, OnnxModel, OnnxNode, OperatorSet } from "../onnx-model.ts";
import { numberOf } from "../read-model.ts";
import type { NodeRewrite } from "./apply-model.ts";
import type { ImportCall } from "./importer.ts";
import { importers } from "./importers.ts";
import { initializerOf } from "./initializers.ts";
import { fuse } from "./patterns.ts";

/** What the names of some nodes stand for: those of a model, of a function that it defines, or of a branch. */
export interface ImportScope {
  readonly file: string;
  readonly model: OnnxModel;
  readonly opset: readonly OperatorSet[];
  readonly rewrite: NodeRewrite;
  /** @throws OpError for a name that nothing has */
  tensorOf(name: string): GraphTensor;
  keep(name: string, tensor: GraphTensor): void;
}

/** Adds nodes of a model file one after the other. */
export function importNodes(graph: GraphScope, nodes: readonly OnnxNode[], scope: ImportScope): void {
  for (const node of nodes) {
    const results = importNode(graph, node, scope);
    (node.output ?? []).forEach((name, place) => {
      const result = results[place];
      if (name !== "" && result !== undefined) scope.keep(name, result);
    });
  }
}

function importNode(graph: GraphScope, node: OnnxNode, scope: ImportScope): readonly GraphTensor[] {
  const domain = node.domain ?? "";
  const called = findFunction(scope.model, node);
  if (called !== null) return importFunction(graph, { node, called }, scope);
  if (node.opType === "If" && isStandard(domain)) return importBranch(graph, node, scope);
  const importer = isStandard(domain) ? importers.get(node.opType ?? "") : undefined;
  if (importer === undefined) throw unknownOperator(node, scope);

  const label = node.name === undefined || node.name === "" ? (node.output?.[0] ?? "") : node.name;
  const origin = graph.from(label);
  const call: ImportCall = {
    graph: origin,
    operator: node.opType ?? "",
    inputNames: node.input ?? [],
    inputs: (node.input ?? []).map((name) => (name === "" ? null : scope.tensorOf(name))),
    results: (node.output ?? []).length,
    attributes: attributesOf(node),
    opset: versionOf(scope.opset),
  };
  const before = graph.nodes.length;
  const results = blaming({ node, label, file: scope.file }, () => scope.rewrite(call, () => importer(call)));
  const folded = foldConstants(graph, graph.nodes.slice(before));
  return results.map((result) => folded.get(result.name) ?? fuse(origin, result));
}

function isStandard(domain: string): boolean {
  return domain === "" || domain === "ai.onnx";
}

function versionOf(sets: readonly OperatorSet[]): number {
  return numberOf(sets.find(({ domain = "" }) => isStandard(domain))?.version);
}

function findFunction({ functions = [] }: OnnxModel, node: OnnxNode): OnnxFunction | null {
  const found = functions.find(
    ({ name, domain = "", overload = "" }) =>
      name === node.opType && domain === (node.domain ?? "") && overload === (node.overload ?? ""),
  );
  return found ?? null;
}

/** The function's nodes, over the node's inputs. */
function importFunction(
  graph: GraphScope,
  { node, called }: { readonly node: OnnxNode; readonly called: OnnxFunction },
  scope: ImportScope,
): readonly GraphTensor[] {
  const tensors = new Map<string, GraphTensor>();
  (called.input ?? []).forEach((name, place) => {
    const given = node.input?.[place] ?? "";
    if (given !== "") tensors.set(name, scope.tensorOf(given));
  });
  const inner: ImportScope = {
    ...scope,
    opset: called.opsetImport ?? scope.opset,
    tensorOf(name) {
      const tensor = tensors.get(name);
      if (tensor === undefined) throw new Error(`The function ${String(called.name)} has no tensor "${name}".`);
      return tensor;
    },
    keep: (name, tensor) => tensors.set(name, tensor),
  };
  // An optional input that was left out of the call is left out of the nodes that read it.
  const nodes = (called.node ?? []).map((each) => {
    const input = (each.input ?? []).map((name) => (called.input?.includes(name) && !tensors.has(name) ? "" : name));
    return bindAttributes({ ...each, input }, { call: node, called });
  });
  importNodes(graph, nodes, inner);
  return (called.output ?? []).map((name) => inner.tensorOf(name));
}

/** The branch that is taken, where that is known before anything runs; names inside it may be those outside. */
function importBranch(graph: GraphScope, node: OnnxNode, scope: ImportScope): readonly GraphTensor[] {
  const condition = graph.valuesOf(scope.tensorOf(node.input?.[0] ?? ""))?.[0];
  if (condition === undefined) throw unknownOperator(node, scope, "which way it goes depends on what the images are");
  const name = condition === 0 ? "else_branch" : "then_branch";
  const branch: OnnxGraph = node.attribute?.find((each) => each.name === name)?.g ?? {};
  const stored = new Map((branch.initializer ?? []).map((tensor) => [tensor.name ?? "", tensor] as const));
  const own = new Map<string, GraphTensor>();
  const inner: ImportScope = {
    ...scope,
    tensorOf(asked) {
      const initializer = stored.get(asked);
      return own.get(asked) ?? (initializer === undefined ? scope.tensorOf(asked) : initializerOf(graph, initializer));
    },
    keep: (kept, tensor) => own.set(kept, tensor),
  };
  importNodes(graph, branch.node ?? [], inner);
  return (branch.output ?? []).map((output) => inner.tensorOf(output.name ?? ""));
}

function unknownOperator(node: OnnxNode, { file }: ImportScope, why = "which is not known here"): OpError {
  const domain = isStandard(node.domain ?? "") ? "" : `${String(node.domain)}.`;
  const label = node.name === undefined || node.name === "" ? (node.output?.[0] ?? "") : node.name;
  return new OpError(
    "onnx-operator-unknown",
    `${file}: the node "${label}" is of the operator ${domain}${String(node.opType)}: ${why}.`,
    "Export the model with standard operators (opset 17 to 20) and without optimisations for a runtime, or name a tensor before this node as its features.",
  );
}

/** What a node has wrong is the model file's mistake. */
function blaming<Result>(
  { node, label, file }: { readonly node: OnnxNode; readonly label: string; readonly file: string },
  act: () => Result,
): Result {
  try {
    return act();
  } catch (error) {
    if (error instanceof OpError || !(error instanceof Error)) throw error;
    throw new OpError(
      "onnx-node-invalid",
      `${file}: the node "${label}" (operator ${String(node.opType)}) cannot be used: ${error.message.replace(/\.$/, "")}.`,
      "Check that the image size and the batch are those that the model can take, or export it again.",
    );
  }
}
