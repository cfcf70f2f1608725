import type { ExampleSet } from "../artifacts/examples.ts";
import type { TrainedOn } from "../artifacts/trained-on.ts";
import { viewsPerImage } from "./views.ts";

/** What is said of the examples that a head learns from: all views of an image count once. A flag that is not known is no positive. */
export function trainedOn(set: ExampleSet): TrainedOn {
  const { problem, classNames, examples, labels } = set;
  const views = viewsPerImage(set);
  const groups = new Set<string>();
  const perClass = classNames.map(() => 0);
  let withoutGroup = 0;
  for (let row = 0; row < examples.length; row += views) {
    const group = examples[row]!.group;
    if (group === null) withoutGroup++;
    else groups.add(group);
    if (problem !== "multi-label") perClass[labels.values[row]!]! += 1;
    else
      classNames.forEach((_, label) => (perClass[label]! += labels.values[row * labels.width + label] === 1 ? 1 : 0));
  }
  return { examples: examples.length / views, groups: groups.size + withoutGroup, perClass };
}
