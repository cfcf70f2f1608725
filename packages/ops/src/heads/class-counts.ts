import type { ExampleSet } from "../artifacts/examples.ts";
import { OpError } from "../op-error.ts";

/** How many examples have each class of the list, in its order. A flag that is not known counts for none. */
export function countClasses(examples: ExampleSet): readonly number[] {
  const { classNames, labels, problem } = examples;
  const counts = classNames.map(() => 0);
  labels.values.forEach((label, index) => {
    const classIndex = problem === "multi-label" ? index % labels.width : label;
    const increment = problem === "multi-label" ? Number(label === 1) : 1;
    counts[classIndex] = (counts[classIndex] ?? 0) + increment;
  });
  return counts;
}

/** Of how many examples it is known whether they have each class. */
export function countKnown({ classNames, examples, labels, problem }: ExampleSet): readonly number[] {
  const counts = classNames.map(() => examples.length);
  if (problem !== "multi-label") return counts;
  labels.values.forEach((flag, index) => {
    if (flag === -1) counts[index % labels.width]! -= 1;
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

/** One note per label that no training example has: no neighbour has it either. */
export function describeAbsentLabels(training: ExampleSet): readonly string[] {
  return countClasses(training).flatMap((count, label) =>
    count === 0
      ? [
          `No training example has class "${training.classNames[label] ?? ""}": its probability is the same for every example.`,
        ]
      : [],
  );
}

export function requireTwoClasses(examples: ExampleSet): void {
  const total = examples.examples.length;
  const counts = countClasses(examples);
  const known = countKnown(examples);
  const canFit = counts.some((count, index) => count > 0 && count < known[index]!);
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
