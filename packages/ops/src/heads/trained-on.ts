import type { ExampleSet } from "../artifacts/examples.ts";
import type { TrainedOn } from "../artifacts/trained-on.ts";
import { imageLabels } from "../images/augment/across-mirror.ts";
import { viewsPerImage } from "./views.ts";

/**
 * What is said of the examples that a head learns from: all views of an image count once, by the image's own labels. A flag
 * that is not known is no positive.
 */
export function trainedOn(set: ExampleSet): TrainedOn {
  const { problem, classNames, examples } = set;
  const views = viewsPerImage(set);
  const groups = new Set<string>();
  const perClass = classNames.map(() => 0);
  let withoutGroup = 0;
  for (let row = 0; row < examples.length; row += views) {
    const group = examples[row]!.group;
    if (group === null) withoutGroup++;
    else groups.add(group);
    const labels = imageLabels(set, row);
    if (problem !== "multi-label") perClass[labels[0]!]! += 1;
    else labels.forEach((flag, label) => (perClass[label]! += flag === 1 ? 1 : 0));
  }
  return { examples: examples.length / views, groups: groups.size + withoutGroup, perClass };
}
