import { OpError } from "../op-error.ts";
import { answersOf, inputsOf, type CellExpression, type CellFunction } from "./cells.ts";
import { covarianceOf, type CovarianceParts, type Placements } from "./delong.ts";

/** One answer of a column: the AUROC of one set of predictions. */
export interface PlacedAnswer {
  /** Null where positives or negatives are missing. */
  readonly placements: Placements | null;
  /** Tells the examples: answers on different ones are independent. */
  readonly examples: string;
  readonly nGroups: number;
}

/** A cell as a weighted sum of AUROCs: a mean over seeds and draws, a difference of two such means. */
export interface AurocSum {
  /** Of each input. */
  readonly weights: Float64Array;
  readonly value: number | null;
  readonly variance: number;
  /** Degrees of freedom of the variance. */
  readonly df: number;
  /** A difference is not between 0 and 1. */
  readonly isDifference: boolean;
  readonly nDraws: number;
  readonly nGroups: number;
  readonly examples: string;
}

export interface AurocSums {
  /** @throws OpError `delong-function` for a function that is no sum */
  readonly sumOf: (cell: CellExpression) => AurocSum;
  readonly differenceVariance: (a: AurocSum, b: AurocSum) => number;
}

export function createAurocSums(answers: readonly PlacedAnswer[]): AurocSums {
  const partsOf = createCovariances(answers);
  const sumParts = (weights: Float64Array): CovarianceParts => {
    const sum = { byPositives: 0, byNegatives: 0, byBoth: 0 };
    weights.forEach((left, a) =>
      weights.forEach((right, b) => {
        if (left === 0 || right === 0) return;
        const parts = partsOf(a, b);
        sum.byPositives += left * right * parts.byPositives;
        sum.byNegatives += left * right * parts.byNegatives;
        sum.byBoth += left * right * parts.byBoth;
      }),
    );
    return sum;
  };
  const sumOf = (cell: CellExpression): AurocSum => {
    const units = answersOf(cell, (input) => unitVector(answers.length, input), combineWeights);
    const weights = meanOf(units.map((unit) => unit.value));
    const used = inputsOf(cell).map((input) => answers[input]!);
    const isDefined = used.every(({ placements }) => placements !== null);
    const parts = sumParts(weights);
    return {
      weights,
      value: isDefined ? weights.reduce((sum, weight, input) => sum + weight * aurocOf(answers[input]), 0) : null,
      variance: totalOf(parts),
      df: degreesOfFreedom(parts, used),
      isDifference: hasDifference(cell),
      nDraws: new Set(units.map((unit) => unit.draw)).size,
      nGroups: Math.min(...used.map(({ nGroups }) => nGroups)),
      examples: [...new Set(used.map(({ examples }) => examples))].sort().join(" "),
    };
  };
  return {
    sumOf,
    differenceVariance: (a, b) => totalOf(sumParts(a.weights.map((weight, input) => weight - b.weights[input]!))),
  };
}

/** The covariance of two answers, each pair once; none where they were scored on different examples. */
function createCovariances(answers: readonly PlacedAnswer[]): (a: number, b: number) => CovarianceParts {
  const known = new Map<string, CovarianceParts>();
  const none = { byPositives: 0, byNegatives: 0, byBoth: 0 };
  return (a, b) => {
    const key = `${String(Math.min(a, b))} ${String(Math.max(a, b))}`;
    const kept = known.get(key);
    if (kept !== undefined) return kept;
    const [left, right] = [answers[a], answers[b]];
    const isPair = left?.examples === right?.examples;
    const [first, second] = [left?.placements, right?.placements];
    const parts = isPair && first && second ? covarianceOf(first, second) : none;
    known.set(key, parts);
    return parts;
  };
}

function combineWeights(apply: CellFunction, values: readonly Float64Array[]): Float64Array {
  if (apply === "mean") return meanOf(values);
  const [first, second] = values;
  if (apply === "difference" && first !== undefined && second !== undefined) {
    return first.map((weight, input) => weight - second[input]!);
  }
  throw new OpError(
    "delong-function",
    `DeLong's intervals are for means and differences of auroc, but a cell asks for a ${apply}.`,
    "Use the bootstrap, which serves every function of metrics.",
  );
}

/** By Welch and Satterthwaite over positives and negatives; groups with both are one sample, and give no more than that. */
function degreesOfFreedom(parts: CovarianceParts, used: readonly PlacedAnswer[]): number {
  const fewest = (count: (placements: Placements) => number): number =>
    Math.max(1, Math.min(...used.map(({ placements }) => (placements === null ? 1 : count(placements)))) - 1);
  const spread =
    parts.byPositives ** 2 / fewest((each) => each.groupsWithPositives) +
    parts.byNegatives ** 2 / fewest((each) => each.groupsWithNegatives);
  const welch = (parts.byPositives + parts.byNegatives) ** 2 / spread;
  return Math.min(
    fewest((each) => each.groupsCounted),
    spread > 0 ? welch : 1,
  );
}

/** Rounding may leave less than nothing of a variance of zero. */
function totalOf({ byPositives, byNegatives, byBoth }: CovarianceParts): number {
  const total = byPositives + byNegatives + byBoth;
  return total < 0 ? 0 : total;
}

function hasDifference(cell: CellExpression): boolean {
  return "apply" in cell && (cell.apply === "difference" || cell.of.some(hasDifference));
}

function unitVector(length: number, place: number): Float64Array {
  const vector = new Float64Array(length);
  vector[place] = 1;
  return vector;
}

function meanOf(vectors: readonly Float64Array[]): Float64Array {
  const mean = new Float64Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) vector.forEach((weight, place) => (mean[place]! += weight / vectors.length));
  return mean;
}

function aurocOf(answer: PlacedAnswer | undefined): number {
  return answer?.placements?.auroc ?? 0;
}
