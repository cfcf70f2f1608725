import type { GraphScope, GraphTensor } from "../../graph-builder.ts";
import { gelu, geluByTanh } from "../../operators/activations.ts";
import { factorsOf, inputsOf, isNear, isSame, partsOf, plusConstant, scalarOf, type Pattern } from "./pattern.ts";

/**
 * x / 2 · (1 + erf(x / √2)), or 1 + tanh(√(2/π) · (x + 0.044715 · x³)) in place of the latter. Factors may come in any order, and the
 * half may stand anywhere, inside of the sum too.
 */
export const geluPattern: Pattern = {
  operator: "Mul",
  replace(graph, { outputs }) {
    const result = outputs[0]!;
    for (const sum of factorsOf(graph, result).tensors) {
      const curve = curveOf(graph, sum);
      if (curve === null) continue;
      for (const x of curve.candidates) {
        const { constant, tensors } = factorsOf(graph, result, [x, sum]);
        const [a, b] = tensors;
        const isProduct = tensors.length === 2 && [a!, b!].some((each) => isSame(each, x)) && !isSame(a!, b!);
        if (!isProduct || !isNear(constant * curve.height, 0.5)) continue;
        if (curve.operator === "Erf" && isScaled(graph, curve.argument, x)) return gelu(graph, x);
        if (curve.operator === "Tanh" && isBent(graph, curve.argument, x)) return geluByTanh(graph, x);
      }
    }
    return null;
  },
};

/** height · (1 + operator(argument)) */
interface Curve {
  readonly operator: "Erf" | "Tanh";
  readonly height: number;
  readonly argument: GraphTensor;
  /** What the x of it may be. */
  readonly candidates: readonly GraphTensor[];
}

function curveOf(graph: GraphScope, tensor: GraphTensor): Curve | null {
  const sum = plusConstant(graph, tensor);
  if (sum === null) return null;
  const { constant, tensors } = factorsOf(graph, sum.tensor);
  if (tensors.length !== 1 || !isNear(constant, sum.constant)) return null;
  for (const operator of ["Erf", "Tanh"] as const) {
    const [argument] = inputsOf(graph, tensors[0]!, operator) ?? [];
    if (argument === undefined) continue;
    const parts = partsOf(graph, argument);
    const terms = parts.flatMap((each) => inputsOf(graph, each, "Add") ?? []);
    return { operator, height: sum.constant, argument, candidates: [...parts, ...terms] };
  }
  return null;
}

/** x / √2 */
function isScaled(graph: GraphScope, argument: GraphTensor, x: GraphTensor): boolean {
  const { constant, tensors } = factorsOf(graph, argument, [x]);
  return isNear(constant, Math.SQRT1_2) && powerOf(graph, tensors, x) === 1;
}

/** √(2/π) · (x + 0.044715 · x³), or with x taken out of the sum. */
function isBent(graph: GraphScope, argument: GraphTensor, x: GraphTensor): boolean {
  const { constant, tensors } = factorsOf(graph, argument, [x]);
  const others = tensors.filter((each) => !isSame(each, x));
  const [sum] = others;
  if (!isNear(constant, Math.sqrt(2 / Math.PI)) || sum === undefined || others.length !== 1) return false;
  if (tensors.length === 2) {
    const inner = plusConstant(graph, sum);
    return inner?.constant === 1 && isSmallPower(graph, inner.tensor, { x, power: 2 });
  }
  const terms = inputsOf(graph, sum, "Add") ?? [];
  const [cube] = terms.filter((each) => !isSame(each, x));
  return tensors.length === 1 && terms.length === 2 && cube !== undefined && isSmallPower(graph, cube, { x, power: 3 });
}

/** 0.044715 · x to a power */
function isSmallPower(
  graph: GraphScope,
  tensor: GraphTensor,
  { x, power }: { readonly x: GraphTensor; readonly power: number },
): boolean {
  const { constant, tensors } = factorsOf(graph, tensor, [x]);
  return isNear(constant, 0.044715) && powerOf(graph, tensors, x) === power;
}

/** Which power of x a product of its powers is; null where there is something else in it. */
function powerOf(graph: GraphScope, factors: readonly GraphTensor[], x: GraphTensor): number | null {
  let power = 0;
  for (const factor of factors) {
    const [base, exponent] = inputsOf(graph, factor, "Pow") ?? [];
    const isPower = base !== undefined && isSame(base, x) && exponent !== undefined;
    const own = isSame(factor, x) ? 1 : isPower ? scalarOf(graph, exponent) : null;
    if (own === null) return null;
    power += own;
  }
  return power;
}
