import type { GraphNode, GraphScope, GraphTensor } from "../graph-builder.ts";
import { nodesBehind } from "../nodes-behind.ts";
import { reshape } from "../operators/layout.ts";
import { isSameSelection, needsOf, select, selectedShape, selectionBy, type Selection } from "./selection.ts";

/**
 * The same values, with what is selected of a tensor selected before it is worked out: a classifier that reads the class token alone
 * needs one row of the last block's perceptron and projection, not all of them, which is a sixteenth of the work of a transformer of
 * twelve blocks. What something else needs whole is left as it is.
 */
export function selectEarly(graph: GraphScope, tensor: GraphTensor): GraphTensor {
  const nodes = nodesBehind(graph.nodes, [tensor]);
  const wanted = findWanted(graph, nodes, tensor);
  if (![...wanted.values()].some((want) => want !== "whole")) return tensor;
  return workOut(graph, nodes, wanted)(tensor);
}

/** What is needed of a tensor by everything that reads it. */
type Want = Selection | "whole";

function findWanted(graph: GraphScope, nodes: readonly GraphNode[], end: GraphTensor): ReadonlyMap<string, Want> {
  const wanted = new Map<string, Want>([[end.name, "whole"]]);
  const want = ({ name }: GraphTensor, next: Want): void => {
    const known = wanted.get(name);
    const isSame = known === undefined || (known !== "whole" && next !== "whole" && isSameSelection(known, next));
    wanted.set(name, isSame ? next : "whole");
  };
  for (const node of nodes.toReversed()) {
    const [result] = node.outputs;
    const own = node.outputs.length === 1 ? wanted.get(result!.name) : "whole";
    const needs = own === undefined || own === "whole" ? null : needsOf(node, own);
    if (needs === null) for (const { name } of node.outputs) wanted.set(name, "whole");
    const chosen = needs === null ? selectionBy(graph, node) : null;
    node.inputs.forEach((input, place) => {
      if (input === null) return;
      want(input, needs?.[place] ?? (place === 0 && chosen !== null ? chosen : "whole"));
    });
  }
  return wanted;
}

/** Adds the nodes of which less is wanted once more. @returns what a tensor became, or what is selected of it */
function workOut(
  graph: GraphScope,
  nodes: readonly GraphNode[],
  wanted: ReadonlyMap<string, Want>,
): (tensor: GraphTensor) => GraphTensor {
  const known = new Map<string, GraphTensor>();
  const of = (tensor: GraphTensor): GraphTensor => known.get(tensor.name) ?? tensor;
  const selected = (tensor: GraphTensor, chosen: Selection | null): GraphTensor => {
    // What is wanted whole, or made by no node, is there whole.
    const isThere = wanted.get(tensor.name) !== "whole" && known.has(tensor.name);
    return chosen === null || isThere ? of(tensor) : select(graph, of(tensor), chosen);
  };
  for (const node of nodes) {
    const [result] = node.outputs;
    const own = wanted.get(result!.name)!;
    const needs = own === "whole" ? null : needsOf(node, own);
    const [x] = node.inputs;
    if (needs !== null && own !== "whole") {
      const inputs = node.inputs.map((input, place) => (input === null ? null : selected(input, needs[place] ?? null)));
      known.set(result!.name, again(graph, node, { inputs, chosen: own }));
    } else if (x != null && selectionBy(graph, node) !== null && wanted.get(x.name) !== "whole" && known.has(x.name)) {
      known.set(result!.name, reshape(graph, of(x), result!.shape));
    } else if (node.inputs.some((input) => input !== null && known.has(input.name))) {
      const scope = node.origin === null ? graph : graph.from(node.origin);
      const inputs = node.inputs.map((input) => (input === null ? null : of(input)));
      const results = scope.nodeWithResults({ ...node, inputs }, node.outputs);
      node.outputs.forEach(({ name }, place) => known.set(name, results[place]!));
    }
  }
  return of;
}

interface Again {
  readonly inputs: readonly (GraphTensor | null)[];
  readonly chosen: Selection;
}

function again(graph: GraphScope, node: GraphNode, { inputs, chosen }: Again): GraphTensor {
  const scope = node.origin === null ? graph : graph.from(node.origin);
  const shape = selectedShape(node.outputs[0]!.shape, chosen);
  if (node.operator === "Reshape") return reshape(scope, inputs[0]!, shape);
  return scope.node({ operator: node.operator, inputs, attributes: node.attributes, shape });
}
