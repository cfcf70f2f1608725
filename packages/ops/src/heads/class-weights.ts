import type { ParamSpec } from "@exp-lab/dsl";
import type { ExampleSet } from "../artifacts/examples.ts";
import { countClasses, countKnown } from "./class-counts.ts";

/** The parameter of heads that can weigh classes. */
export const classWeightParam = {
  type: "choice",
  choices: ["none", "balanced"],
  summary: "Count every example alike, or let the examples of each class count as much together as those of any other.",
  default: "none",
} as const satisfies ParamSpec;

/**
 * What each label of a fit counts in its loss, laid out as the labels are; null where all count one.
 *
 * `balanced`: scikit-learn's weights. One label per example: examples / (classes present · examples of its class). Several:
 * each label is a problem of its own, of two classes over the examples whose flag is known. A flag that is not known counts 0.
 */
export function labelWeights(set: ExampleSet, classWeight: "none" | "balanced"): Float64Array | null {
  const { problem, labels } = set;
  if (problem !== "multi-label") return classWeight === "balanced" ? weighClasses(set) : null;
  const hasUnknown = labels.values.includes(-1);
  if (classWeight === "none" && !hasUnknown) return null;
  if (classWeight === "none") return Float64Array.from(labels.values, (flag) => (flag === -1 ? 0 : 1));
  const positives = countClasses(set);
  const weights = countKnown(set).map((known, label) =>
    balancedWeights([known - positives[label]!, positives[label]!]),
  );
  return Float64Array.from(labels.values, (flag, index) => (flag === -1 ? 0 : weights[index % labels.width]![flag]!));
}

function weighClasses(set: ExampleSet): Float64Array {
  const weights = balancedWeights(countClasses(set));
  return Float64Array.from(set.labels.values, (label) => weights[label]!);
}

/** By the examples of each class. A class without any has the weight 0, which nothing meets. */
function balancedWeights(counts: readonly number[]): readonly number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const present = counts.filter((count) => count > 0).length;
  return counts.map((count) => (count === 0 ? 0 : total / (present * count)));
}
