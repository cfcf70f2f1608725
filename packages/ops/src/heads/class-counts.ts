import type { ExampleSet } from "../artifacts/examples.ts";
import { OpError } from "../op-error.ts";

/** How many examples have each class of the list, in its order. */
export function countClasses(examples: ExampleSet): readonly number[] {
  const { classNames, labels } = examples;
  const counts = classNames.map(() => 0);
  labels.values.forEach((label, index) => {
    const classIndex = labels.width === 1 && examples.problem !== "multi-label" ? label : index % labels.width;
    const increment = examples.problem === "multi-label" ? label : 1;
    counts[classIndex] = (counts[classIndex] ?? 0) + increment;
  });
  return counts;
}

/** One note per class that no training example has. */
export function describeAbsentClasses(training: ExampleSet): readonly string[] {
  return countClasses(training).flatMap((count, index) =>
    count === 0
      ? [`No training example has class "${training.classNames[index] ?? ""}": its probability is 0 for every example.`]
      : [],
  );
}

export function requireTwoClasses(examples: ExampleSet): void {
  const total = examples.examples.length;
  const counts = countClasses(examples);
  const canFit = counts.some((count) => count > 0 && count < total);
  if (canFit) return;
  const single = examples.classNames[counts.findIndex((count) => count === total)];
  const found =
    total === 0
      ? "has no examples"
      : examples.problem === "multi-label"
        ? "has every label on all of its examples or on none"
        : `has only examples of class "${single ?? ""}"`;
  throw new OpError(
    "single-class",
    `The training split ${found}: there is nothing to tell apart.`,
    "Check the labels and the choice of examples (split, shots).",
  );
}
