import type { Predictions } from "../artifacts/predictions.ts";
import { OpError } from "../op-error.ts";
import { placementsOf, type Placements } from "./delong.ts";
import { numberGroups } from "./example-groups.ts";

/** What the task says of its metric: only plain AUROC has DeLong's variance. */
export interface DelongMetric {
  readonly metric: string;
  readonly settings: { readonly class?: string | null; readonly average?: string | null } | null;
}

/**
 * The placements of the class that the metric asks for: class 1 of two, whose AUROC is that of class 0 and of their mean, or the
 * one class that its settings name.
 * @throws OpError `delong-metric` for another metric, `delong-average` for an AUROC over several classes, `delong-class`
 */
export function placeClass(predictions: Predictions, { metric, settings }: DelongMetric): Placements | null {
  if (metric !== "auroc") {
    throw new OpError(
      "delong-metric",
      `DeLong's intervals are for auroc, but a cell asks for them of ${metric}.`,
      "Use the bootstrap, which serves every metric.",
    );
  }
  const named = settings?.class ?? null;
  const isPooled = settings?.average === "micro";
  if (named === null && (predictions.problem !== "binary" || isPooled)) {
    throw new OpError(
      "delong-average",
      `DeLong's intervals are for one class against the rest, but this auroc is ${isPooled ? "one" : "an average"} over ${String(predictions.classNames.length)} classes.`,
      'Name one class, e.g. `test.auroc { class: "..." }`, or use the bootstrap.',
    );
  }
  const index = named === null ? 1 : predictions.classNames.findIndex((name) => name === named);
  if (index < 0) {
    throw new OpError(
      "delong-class",
      `There is no class "${named ?? ""}" to take the auroc of.`,
      `The classes are: ${predictions.classNames.join(", ")}.`,
    );
  }
  const { problem, ids, classNames, labels } = predictions;
  const flagOf = (row: number): number => {
    if (problem === "multi-label") return labels.values[row * labels.width + index]!;
    return labels.values[row] === index ? 1 : 0;
  };
  return placementsOf({
    scores: Float64Array.from(ids, (_, row) => predictions.scores[row * classNames.length + index]!),
    labels: Int32Array.from(ids, (_, row) => flagOf(row)),
    groups: numberGroups(predictions.groups),
  });
}
