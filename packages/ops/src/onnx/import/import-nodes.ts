import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import type { OnnxFunction, OnnxGraph, OnnxModel, OnnxNode, OperatorSet } from "../onnx-model.ts";
import { pruneNodes } from "../prune-nodes.ts";
import type { NodeRewrite } from "./apply-model.ts";
import { blamingNode, labelOf, missingResult, missingTensor, unknownBranch, unknownOperator } from "./blame-node.ts";
import { foldConstants } from "./fold-constants.ts";
import type { ImportCall } from "./importer.ts";
import { importerOf } from "./importers.ts";
import { initializerOf } from "./initializers.ts";
import { attributesOf, bindAttributes } from "./node-attributes.ts";
import { isStandard, standardVersion } from "./operator-sets.ts";
import { fuse } from "./patterns.ts";

/** What the names of some nodes stand for: those of a model, of a function that it defines, or of a branch. */
export interface ImportScope {
  /** The file's name and, inside of a function, where that is called: for messages. */
  readonly file: string;
  readonly model: OnnxModel;
  readonly opset: readonly OperatorSet[];
  readonly rewrite: NodeRewrite;
  /** Null for a name that nothing has. */
  tensorOf(name: string): GraphTensor | null;
  keep(name: string, tensor: GraphTensor): void;
}

/** Adds nodes of a model file one after the other. */
export function importNodes(graph: GraphScope, nodes: readonly OnnxNode[], scope: ImportScope): void {
  for (const node of nodes) {
    const results = importNode(graph, node, scope);
    (node.output ?? []).forEach((name, place) => {
      const result = results[place] ?? null;
      if (name !== "" && result !== null) scope.keep(name, result);
    });
  }
}

/** Null for a result that the node does not name. */
type Results = readonly (GraphTensor | null)[];

function importNode(graph: GraphScope, node: OnnxNode, scope: ImportScope): Results {
  const called = findFunction(scope.model, node);
  if (called !== null) return importFunction(graph, { node, called }, scope);
  const { opType = "", domain = "", input = [], output = [] } = node;
  if (opType === "If" && isStandard(domain)) return importBranch(graph, node, scope);
  const importer = importerOf(domain, opType);
  if (importer === undefined) throw unknownOperator(node, scope.file);

  const origin = graph.from(labelOf(node));
  return blamingNode(node, scope.file, () => {
    const call: ImportCall = {
      graph: origin,
      operator: opType,
      inputNames: input,
      inputs: input.map((name) => (name === "" ? null : requireTensor(node, name, scope))),
      results: output.length,
      attributes: attributesOf(node),
      opset: standardVersion(scope.opset),
    };
    const before = graph.nodes.length;
    const results = scope.rewrite(call, () => importer(call));
    const folded = foldConstants(graph, graph.nodes.slice(before));
    return results.map((result) => folded.get(result.name) ?? fuse(origin, result));
  });
}

/** @throws OpError where nothing has the name */
function requireTensor(node: OnnxNode, name: string, scope: ImportScope): GraphTensor {
  const tensor = scope.tensorOf(name);
  if (tensor === null) throw missingTensor(node, name, scope.file);
  return tensor;
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
): Results {
  const tensors = new Map<string, GraphTensor>();
  (called.input ?? []).forEach((name, place) => {
    const given = node.input?.[place] ?? "";
    if (given !== "") tensors.set(name, requireTensor(node, given, scope));
  });
  const inner: ImportScope = {
    ...scope,
    file: `${scope.file}, in the function ${called.name ?? ""} that the node "${labelOf(node)}" calls`,
    opset: [...(called.opsetImport ?? []), ...scope.opset],
    tensorOf: (name) => tensors.get(name) ?? null,
    keep: (name, tensor) => tensors.set(name, tensor),
  };
  // An optional input that was left out of the call is left out of the nodes that read it.
  const isLeftOut = (name: string): boolean => called.input?.includes(name) === true && !tensors.has(name);
  const nodes = (called.node ?? []).map((each) => {
    const input = (each.input ?? []).map((name) => (isLeftOut(name) ? "" : name));
    return bindAttributes({ ...each, input }, { call: node, called });
  });
  return importBody(graph, { node, nodes, outputs: called.output ?? [], file: scope.file }, inner);
}

/** The branch that is taken, where that is known before anything runs; names inside it may be those outside. */
function importBranch(graph: GraphScope, node: OnnxNode, scope: ImportScope): Results {
  const condition = graph.valuesOf(requireTensor(node, node.input?.[0] ?? "", scope))?.[0];
  if (condition === undefined) throw unknownBranch(node, scope.file);
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
  const outputs = (branch.output ?? []).map((output) => output.name ?? "");
  return importBody(graph, { node, nodes: branch.node ?? [], outputs, file: scope.file }, inner);
}

interface Body {
  /** What the body belongs to, and where that is. */
  readonly node: OnnxNode;
  readonly file: string;
  readonly nodes: readonly OnnxNode[];
  readonly outputs: readonly string[];
}

/** What the body gives, as far as the node names it. */
function importBody(graph: GraphScope, { node, file, nodes, outputs }: Body, inner: ImportScope): Results {
  const wanted = outputs.filter((_, place) => (node.output?.[place] ?? "") !== "");
  importNodes(graph, pruneNodes(nodes, wanted), inner);
  return outputs.map((name) => {
    if (!wanted.includes(name)) return null;
    const result = inner.tensorOf(name);
    if (result === null) throw missingResult(node, name, file);
    return result;
  });
}
