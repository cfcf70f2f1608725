import type { ExampleSet } from "../artifacts/examples.ts";
import type { Predictions } from "../artifacts/predictions.ts";

/** Puts probabilities, row-major [examples, classes], beside the truth, and the head's notes behind those of the examples. */
export function toPredictions(examples: ExampleSet, scores: Float64Array, notes: readonly string[]): Predictions {
  return {
    problem: examples.problem,
    classNames: examples.classNames,
    ids: examples.examples.map((example) => example.id),
    groups: examples.examples.map((example) => example.group),
    labels: examples.labels,
    scores,
    notes: [...examples.notes, ...notes],
  };
}
