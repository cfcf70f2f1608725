import { fromStart, integerAttribute } from "../../attributes.ts";
import type { GraphScope, GraphTensor } from "../../graph-builder.ts";
import { layerNormalization } from "../../operators/normalisation.ts";
import { inputsOf, nodeOf, plusConstant, scalarOf, type Pattern } from "./pattern.ts";

/** (x - mean x) / √(mean (x - mean x)² + ε) · weight + bias over the last axis, as exporters wrote it before operator set 17. */
export const layerNormalizationPattern: Pattern = {
  operator: "Add",
  replace(graph, { inputs }) {
    for (const [scaled, bias] of eachWay(inputs)) {
      for (const [normalised, weight] of eachWay(inputsOf(graph, scaled, "Mul") ?? [])) {
        const found = normalisedBy(graph, normalised);
        if (found === null || !isRow(weight, found.x) || !isRow(bias, found.x)) continue;
        return layerNormalization(graph, found.x, { weight, bias, epsilon: found.epsilon });
      }
    }
    return null;
  },
};

function eachWay(pair: readonly (GraphTensor | null)[]): readonly (readonly [GraphTensor, GraphTensor])[] {
  const [a = null, b = null] = pair;
  if (a === null || b === null || pair.length !== 2) return [];
  return [
    [a, b],
    [b, a],
  ];
}

function normalisedBy(
  graph: GraphScope,
  tensor: GraphTensor,
): { readonly x: GraphTensor; readonly epsilon: number } | null {
  const [centred, deviation] = inputsOf(graph, tensor, "Div") ?? [];
  if (centred === undefined || deviation === undefined) return null;
  const [x, mean] = inputsOf(graph, centred, "Sub") ?? [];
  if (x === undefined || mean === undefined || !isMeanOf(graph, mean, x)) return null;
  const [variance] = inputsOf(graph, deviation, "Sqrt") ?? [];
  const sum = variance === undefined ? null : plusConstant(graph, variance);
  const squares = sum === null ? null : meanOperand(graph, sum.tensor);
  return squares !== null && isSquareOf(graph, squares, centred) ? { x, epsilon: sum!.constant } : null;
}

function isMeanOf(graph: GraphScope, mean: GraphTensor, { name }: GraphTensor): boolean {
  return meanOperand(graph, mean)?.name === name;
}

/** What a mean over the last axis, which is kept, is of. */
function meanOperand(graph: GraphScope, mean: GraphTensor): GraphTensor | null {
  const node = nodeOf(graph, mean);
  if (node?.operator !== "ReduceMean" || integerAttribute(node, "keepdims", 1) !== 1) return null;
  const [x, axes] = node.inputs;
  const list = axes == null ? null : graph.integersOf(axes);
  if (x == null || list?.length !== 1) return null;
  return fromStart(list[0]!, x.shape.length) === x.shape.length - 1 ? x : null;
}

function isSquareOf(graph: GraphScope, tensor: GraphTensor, { name }: GraphTensor): boolean {
  const [base, exponent] = inputsOf(graph, tensor, "Pow") ?? [];
  if (base !== undefined && exponent !== undefined) return base.name === name && scalarOf(graph, exponent) === 2;
  return (inputsOf(graph, tensor, "Mul") ?? []).filter((factor) => factor.name === name).length === 2;
}

function isRow({ shape }: GraphTensor, x: GraphTensor): boolean {
  return shape.length === 1 && shape[0] === x.shape.at(-1);
}
