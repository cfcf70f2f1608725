import { describe, expect, it } from "vitest";
import { labelledExamples } from "../../../../tests/ops/run-single-op.ts";
import type { ExampleSet } from "../artifacts/examples.ts";
import { makeViews } from "../splits/make-views.ts";
import { trainedOn } from "./trained-on.ts";
import { viewsPerImage } from "./views.ts";

const recipe = { operations: ["flip"], seed: 0, stored: true };

/** `views` rows for every row. */
function viewsOf(set: ExampleSet, views: number): ExampleSet {
  const { width, values } = set.labels;
  const rows = set.examples.flatMap((_, row) => Array<number>(views).fill(row));
  return {
    ...set,
    examples: rows.map((row, place) => ({
      ...set.examples[row]!,
      id: `${set.examples[row]!.id} ${String(place % views)}`,
      digest: `view ${String(place % views)} of ${set.examples[row]!.digest}`,
      view: { of: set.examples[row]!.digest, index: place % views, recipe },
    })),
    labels: {
      width,
      values: Int32Array.from(rows.flatMap((row) => [...values.subarray(row * width, (row + 1) * width)])),
    },
  };
}

function inGroups(set: ExampleSet, groups: readonly (string | null)[]): ExampleSet {
  return { ...set, examples: set.examples.map((example, row) => ({ ...example, group: groups[row] ?? null })) };
}

describe("trainedOn", () => {
  const single = inGroups(labelledExamples("train", "multi-class", 3, [0, 2, 2, 0, 2]), ["a", "b", "a", null, null]);
  const several = labelledExamples("train", "multi-label", 2, [1, 0, -1, 1, 1, -1, 0, 0]);

  it("counts examples, patients and classes; examples without a patient count each for themselves", () => {
    expect(trainedOn(single)).toEqual({ examples: 5, groups: 4, perClass: [2, 0, 3] });
    expect(trainedOn(several)).toEqual({ examples: 4, groups: 4, perClass: [2, 1] });
  });

  it("counts all views of an image once", () => {
    for (const set of [single, several]) {
      for (const views of [1, 2, 5]) expect(trainedOn(viewsOf(set, views))).toEqual(trainedOn(set));
    }
  });

  it("counts an image by its own labels where its views are mirrored", () => {
    const mirrored = { operations: ["horizontal_flip"], seed: 0, stored: true };
    const pairs = [
      [single, [2, 1, 0]],
      [several, [1, 0]],
    ] as const;
    for (const [set, mirroredClasses] of pairs) {
      for (const views of [1, 3]) {
        const viewed = makeViews(set, views, { ...mirrored, mirroredClasses });
        expect([...viewed.labels.values]).not.toEqual([...makeViews(set, views, mirrored).labels.values]);
        expect(trainedOn({ ...set, ...viewed })).toEqual(trainedOn(set));
      }
    }
  });
});

describe("viewsPerImage", () => {
  const set = labelledExamples("train", "binary", 2, [0, 1, 1]);

  it("tells how many there are", () => {
    expect(viewsPerImage(set)).toBe(1);
    for (const views of [1, 2, 7]) expect(viewsPerImage(viewsOf(set, views))).toBe(views);
    expect(viewsPerImage({ ...set, examples: [] })).toBe(1);
  });

  it("takes no rows in another order, nor images that lack some", () => {
    const { examples } = viewsOf(set, 2);
    const wrong = [
      examples.toReversed(),
      examples.slice(0, 5),
      [...set.examples, ...examples],
      examples.toSpliced(1, 1),
    ];
    for (const rows of wrong) expect(() => viewsPerImage({ ...set, examples: rows })).toThrow(/view|image/);
  });
});
