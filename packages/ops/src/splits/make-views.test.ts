import fc from "fast-check";
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { brightOn, brightSide } from "../../../../tests/ops/images/sided-image.ts";
import { examplesCodec } from "../artifacts/examples.ts";
import { gatherBags } from "../heads/bags.ts";
import { imageLabels } from "../images/augment/across-mirror.ts";
import { isMirrored } from "../images/augment/is-mirrored.ts";
import { planView } from "../images/augment/plan-view.ts";
import { makeViews } from "./make-views.ts";
import { indexOf, type MadeRow } from "../../../../tests/ops/splits/index-of.ts";

const recipe = { operations: ["resized_crop", "horizontal_flip"], seed: 7, stored: true };

describe("makeViews", () => {
  it("puts the views of an example one after the other, with its id, labels and patient", () => {
    const { splits: _, ...set } = indexOf(
      [
        { split: "train", patient: "P", label: [1, 0, -1] },
        { split: "train", label: [0, 1, 1] },
      ],
      3,
    );
    const viewed = makeViews(set, 2, recipe);
    expect(viewed.examples.map(({ id, group, view }) => [id, group, view?.index])).toEqual([
      ["0", "P", 0],
      ["0", "P", 1],
      ["1", null, 0],
      ["1", null, 1],
    ]);
    expect([...viewed.labels.values]).toEqual([1, 0, -1, 1, 0, -1, 0, 1, 1, 0, 1, 1]);
    expect(viewed.examples[3]?.view).toEqual({ of: set.examples[1]?.digest, index: 1, recipe });
    expect(examplesCodec.decode(examplesCodec.encode({ ...viewed, notes: [] }))).toEqual({ ...viewed, notes: [] });
  });

  it("digests what the pixels hang on", () => {
    const { splits: _, ...set } = indexOf([{ split: "train" }]);
    const text = '[2,"digest of row 0",["resized_crop","horizontal_flip"],7,2]';
    const digest = createHash("sha256").update(text).digest("hex");
    expect(makeViews(set, 3, recipe).examples[2]?.digest).toBe(digest);
    // That a view is not kept changes nothing of it, nor does what it is labelled as.
    expect(makeViews(set, 4, { ...recipe, stored: false }).examples[2]?.digest).toBe(digest);
    expect(makeViews(set, 3, { ...recipe, mirroredClasses: [1, 0] }).examples[2]?.digest).toBe(digest);
  });

  it("gives no two views one digest, and every view the same one whatever is beside it", () => {
    const images = fc.uniqueArray(fc.nat(99).map(String), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(images, fc.integer({ min: 1, max: 5 }), fc.nat(3), (names, views, seed) => {
        const { splits: _, ...set } = indexOf(names.map((image) => ({ split: "train", image })));
        const digestsOf = (count: number, of = set) =>
          makeViews(of, count, { ...recipe, seed }).examples.map(({ digest }) => digest);
        const digests = digestsOf(views);
        expect(new Set(digests).size).toBe(names.length * views);
        const more = digestsOf(views + 1);
        digests.forEach((digest, row) => {
          expect(more[Math.floor(row / views) * (views + 1) + (row % views)]).toBe(digest);
        });
        const last = { ...set, examples: set.examples.slice(-1), labels: { width: 1, values: Int32Array.of(0) } };
        expect(digestsOf(views, last)).toEqual(digests.slice(-views));
      }),
      { numRuns: 30 },
    );
  });

  it("draws one view for all images of a bag, whatever the bag is called", () => {
    const bagged = (bag: string) =>
      indexOf([{ split: "train", bag }, { split: "train", bag }, { split: "train", bag: "other" }, { split: "train" }]);
    const { splits: _, ...set } = bagged("a");
    const { examples } = makeViews(set, 2, recipe);
    const drawnBy = examples.map(({ view }) => view?.drawnBy);
    expect(new Set(drawnBy.slice(0, 4)).size).toBe(1);
    expect(drawnBy[4]).not.toBe(drawnBy[0]);
    expect(drawnBy.slice(6)).toEqual([undefined, undefined]);
    expect(makeViews(bagged("b"), 2, recipe).examples.map(({ digest }) => digest)).toEqual(
      examples.map(({ digest }) => digest),
    );
    const viewed = { ...set, examples, labels: { width: 1, values: new Int32Array(8) }, notes: [] };
    expect(examplesCodec.decode(examplesCodec.encode(viewed))).toEqual(viewed);
  });
});

describe("labels of mirrored views", () => {
  const views = 40;
  const mirroredClasses = [1, 0, 2];

  it("have the class in place of the one that it is paired with", () => {
    const { splits: _, ...set } = indexOf(
      [0, 1, 2].map((label) => ({ split: "train", label })),
      3,
    );
    for (const stored of [true, false]) {
      const { examples, labels } = makeViews(set, views, { ...recipe, stored, mirroredClasses });
      expect([...labels.values]).toEqual(
        examples.map(({ view }, row) => {
          const label = Math.floor(row / views);
          return isMirrored(view!) ? mirroredClasses[label] : label;
        }),
      );
      expect(new Set(labels.values.subarray(0, views))).toEqual(new Set([0, 1]));
      expect(new Set(labels.values.subarray(2 * views))).toEqual(new Set([2]));
    }
  });

  it("have the flags of several labels swapped, unknown ones too", () => {
    const { splits: _, ...set } = indexOf([{ split: "train", label: [1, -1, 0] }], 3);
    const viewed = makeViews(set, views, { ...recipe, mirroredClasses });
    const mirrored = viewed.examples.map(({ view }) => isMirrored(view!));
    expect(new Set(mirrored).size).toBe(2);
    expect([...viewed.labels.values]).toEqual(mirrored.flatMap((is) => (is ? [-1, 1, 0] : [1, -1, 0])));
    expect(mirrored.map((_, row) => [...imageLabels(viewed, row)])).toEqual(mirrored.map(() => [1, -1, 0]));
    expect(examplesCodec.decode(examplesCodec.encode({ ...viewed, notes: [] }))).toEqual({ ...viewed, notes: [] });
  });

  it("are one for all images of a bag, and the bag's", () => {
    const { splits: _, ...set } = indexOf(Array<MadeRow>(3).fill({ split: "train", bag: "a", label: 1 }));
    const viewed = { ...makeViews(set, views, { ...recipe, mirroredClasses: [1, 0] }), notes: [] };
    const ofImages = [0, 1, 2].map((image) => [...viewed.labels.values.subarray(image * views, (image + 1) * views)]);
    expect(ofImages).toEqual([ofImages[0], ofImages[0], ofImages[0]]);
    expect(new Set(ofImages[0])).toEqual(new Set([0, 1]));
    const { examples: bags } = gatherBags(viewed);
    expect([...bags.labels.values]).toEqual(ofImages[0]);
    expect(bags.examples.map((_, row) => [...imageLabels(bags, row)])).toEqual(Array(views).fill([1]));
  });

  it("say what the pixels show", () => {
    const operations = ["resized_crop", "horizontal_flip", "intensity"];
    const { splits: _, ...set } = indexOf([0, 1].map((label) => ({ split: "train", label })));
    const viewed = makeViews(set, views, { ...recipe, operations, mirroredClasses: [1, 0] });
    const seen = viewed.examples.map(({ view }, row) => {
      const plan = planView(view!);
      return brightSide(plan.afterResize(plan.beforeResize(brightOn(row < views ? 0 : 1))));
    });
    expect([...viewed.labels.values]).toEqual(seen);
  });
});
