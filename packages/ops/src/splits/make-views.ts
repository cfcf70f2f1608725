import { createHash } from "node:crypto";
import type { ExampleView, ViewRecipe } from "../artifacts/example-view.ts";
import type { Example, LabelledExamples } from "../artifacts/examples.ts";
import { acrossMirror } from "../images/augment/across-mirror.ts";

/** Goes up whenever the same view gets other pixels: rows that were made before are then never taken for its own. */
const pixelVersion = 2;

/**
 * Every example as so many views of it, one after the other: row i of the examples becomes the rows i * views ... with the
 * same id, patient, bag and labels, but that a mirrored view has the classes of each pair swapped. A view's digest is made
 * from all that its pixels hang on, so that its rows are found again whoever asks for them.
 */
export function makeViews(set: LabelledExamples, views: number, recipe: ViewRecipe): LabelledExamples {
  const { problem, examples, labels } = set;
  const values = new Int32Array(labels.values.length * views);
  const drawnBy = drawnByOf(examples);
  const viewed = examples.flatMap((example, row) => {
    const flags = labels.values.subarray(row * labels.width, (row + 1) * labels.width);
    const shared = drawnBy(example);
    return Array.from({ length: views }, (_, index): Example => {
      const view: ExampleView = { of: example.digest, index, recipe, ...(shared !== null && { drawnBy: shared }) };
      values.set(acrossMirror(flags, problem, view), (row * views + index) * labels.width);
      return { ...example, digest: digestOf(view), view };
    });
  });
  return { ...set, examples: viewed, labels: { width: labels.width, values } };
}

function digestOf({ of, index, recipe: { operations, seed }, drawnBy }: ExampleView): string {
  return hashOf([pixelVersion, of, operations, seed, index, ...(drawnBy === undefined ? [] : [drawnBy])]);
}

/** All images of a bag get the same crop and the same flips: those are drawn by what the bag holds. */
function drawnByOf(examples: readonly Example[]): (example: Example) => string | null {
  const digests = new Map<string, string[]>();
  for (const { bag, digest } of examples) {
    if (bag === undefined) continue;
    const found = digests.get(bag);
    if (found === undefined) digests.set(bag, [digest]);
    else found.push(digest);
  }
  const hashes = new Map([...digests].map(([bag, images]) => [bag, hashOf(images)]));
  return ({ bag }) => (bag === undefined ? null : (hashes.get(bag) ?? null));
}

function hashOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
