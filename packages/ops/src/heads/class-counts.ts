import type { ExampleSet } from "../artifacts/examples.ts";

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
