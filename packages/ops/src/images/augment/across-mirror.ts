import type { ExampleView } from "../../artifacts/example-view.ts";
import type { LabelledExamples, ProblemKind } from "../../artifacts/examples.ts";
import { isMirrored } from "./is-mirrored.ts";

/**
 * The labels of a view by those of its image, and just so those of the image by the view's: where the view is mirrored, the
 * classes of each pair have changed places. What is not known of a class is not known of the other one then.
 */
export function acrossMirror(labels: Int32Array, problem: ProblemKind, view: ExampleView): Int32Array {
  const { mirroredClasses } = view.recipe;
  if (mirroredClasses === undefined || !isMirrored(view)) return labels;
  return problem === "multi-label"
    ? labels.map((_, flag) => labels[mirroredClasses[flag]!]!)
    : labels.map((label) => mirroredClasses[label]!);
}

/** The labels of the image that is in a row, or that a view of is. */
export function imageLabels({ problem, examples, labels }: LabelledExamples, row: number): Int32Array {
  const own = labels.values.subarray(row * labels.width, (row + 1) * labels.width);
  const view = examples[row]?.view;
  return view === undefined ? own : acrossMirror(own, problem, view);
}
