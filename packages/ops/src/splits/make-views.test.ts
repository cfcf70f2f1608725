import fc from "fast-check";
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { examplesCodec } from "../artifacts/examples.ts";
import { makeViews } from "./make-views.ts";
import { indexOf } from "../../../../tests/ops/splits/index-of.ts";

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
    const text = '["digest of row 0",["resized_crop","horizontal_flip"],7,2]';
    const digest = createHash("sha256").update(text).digest("hex");
    expect(makeViews(set, 3, recipe).examples[2]?.digest).toBe(digest);
    // That a view is not kept changes nothing of it.
    expect(makeViews(set, 4, { ...recipe, stored: false }).examples[2]?.digest).toBe(digest);
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
