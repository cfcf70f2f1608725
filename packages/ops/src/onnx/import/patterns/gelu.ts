import type { GraphScope, GraphTensor } from "../../graph-builder.ts";
import { gelu, geluByTanh } from "../../operators/activations.ts";
import { factorsOf, inputsOf, isNear, plusConstant, scalarOf, type Pattern } from "./pattern.ts";

/** x / 2 · (1 + erf(x / √2)), or 1 + tanh(√(2/π) · (x + 0.044715 · x³)) in place of the latter; factors in any order. */
export const geluPattern: Pattern = {
  operator: "Mul",
  replace(graph, { outputs }) {
    const { constant, tensors } = factorsOf(graph, outputs[0]!);
    if (!isNear(constant, 0.5) || tensors.length !== 2) return null;
    for (const [x, factor] of [tensors, tensors.toReversed()] as (readonly [GraphTensor, GraphTensor])[]) {
      const sum = plusConstant(graph, factor);
      if (sum?.constant !== 1) continue;
      if (isErrorFunction(graph, sum.tensor, x)) return gelu(graph, x);
      if (isApproximation(graph, sum.tensor, x)) return geluByTanh(graph, x);
    }
    return null;
  },
};

function isErrorFunction(graph: GraphScope, tensor: GraphTensor, x: GraphTensor): boolean {
  const [argument] = inputsOf(graph, tensor, "Erf") ?? [];
  if (argument === undefined) return false;
  const { constant, tensors } = factorsOf(graph, argument);
  return isNear(constant, Math.SQRT1_2) && areAll(tensors, x, 1);
}

function isApproximation(graph: GraphScope, tensor: GraphTensor, x: GraphTensor): boolean {
  const [argument] = inputsOf(graph, tensor, "Tanh") ?? [];
  if (argument === undefined) return false;
  const { constant, tensors } = factorsOf(graph, argument);
  const terms = tensors.length === 1 ? inputsOf(graph, tensors[0]!, "Add") : null;
  if (!isNear(constant, Math.sqrt(2 / Math.PI)) || terms === null) return false;
  const cube = terms.find(({ name }) => name !== x.name);
  return terms.some(({ name }) => name === x.name) && cube !== undefined && isBentCube(graph, cube, x);
}

/** 0.044715 · x³, by a power or by products. */
function isBentCube(graph: GraphScope, tensor: GraphTensor, x: GraphTensor): boolean {
  const { constant, tensors } = factorsOf(graph, tensor);
  if (!isNear(constant, 0.044715)) return false;
  const [base, exponent] = tensors.length === 1 ? (inputsOf(graph, tensors[0]!, "Pow") ?? []) : [];
  if (base !== undefined && exponent !== undefined) return base.name === x.name && scalarOf(graph, exponent) === 3;
  return areAll(tensors, x, 3);
}

function areAll(tensors: readonly GraphTensor[], { name }: GraphTensor, count: number): boolean {
  return tensors.length === count && tensors.every((each) => each.name === name);
}
