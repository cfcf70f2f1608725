import { describe, expect, it } from "vitest";
import { indexOf, type MadeRow } from "../../../../tests/ops/splits/index-of.ts";
import { runSingleOp } from "../../../../tests/ops/run-single-op.ts";
import type { AuditedIndex } from "../artifacts/audited.ts";
import type { ExampleSet } from "../artifacts/examples.ts";
import { isMirrored } from "../images/augment/is-mirrored.ts";
import { OpError } from "../op-error.ts";
import { mirrorClasses } from "./mirror-classes.ts";
import { split } from "./split.ts";

const classes = ["heart", "left lung", "right lung", "left hilum", "right hilum"];
const lungs = ["left lung", "right lung"];
const hila = ["right hilum", "left hilum"];

describe("mirrorClasses", () => {
  it("says which class each class is in the mirror", () => {
    expect(mirrorClasses(classes, { operations: ["horizontal_flip"], pairs: [lungs, hila] })).toEqual([0, 2, 1, 4, 3]);
    expect(mirrorClasses(classes, { operations: ["rotation"], pairs: [lungs] })).toEqual([0, 2, 1, 3, 4]);
  });

  it("gives none where there are no pairs and none are needed", () => {
    expect(mirrorClasses(["heart", "both, left and right"], { operations: ["horizontal_flip"], pairs: [] })).toBeNull();
    expect(mirrorClasses(classes, { operations: ["vertical_flip"], pairs: [] })).toBeNull();
  });

  it("refuses a flip of sided classes that no pair has", () => {
    expect(refusal([lungs], ["resized_crop", "horizontal_flip"])).toMatchObject({
      code: "mirror-class-unpaired",
      message: 'A horizontal flip turns left into right, and no pair of mirror_pairs has "left hilum", "right hilum".',
      hint: expect.stringMatching(/`mirror_pairs`.*`horizontal_flip`/) as string,
    });
  });

  it("refuses names that are no class, whether or not anything is flipped", () => {
    expect(refusal([["left lnug", "right lung"]])).toMatchObject({
      code: "mirror-class-unknown",
      message: 'mirror_pairs names "left lnug", which is no class of the data set: did you mean "left lung"?',
      hint: 'The classes are "heart", "left lung", "right lung", "left hilum", "right hilum".',
    });
  });

  it("refuses a class in two pairs, and one that is paired with itself", () => {
    for (const pairs of [
      [lungs, ["left lung", "heart"]],
      [lungs, ["right lung", "left lung"]],
    ]) {
      expect(refusal(pairs)).toMatchObject({
        code: "mirror-class-twice",
        message: expect.stringMatching(/lung" in two/) as string,
      });
    }
    expect(refusal([["heart", "heart"]])).toMatchObject({
      code: "mirror-class-alone",
      message: 'mirror_pairs pairs the class "heart" with itself.',
    });
  });
});

describe("split", () => {
  const rows = Array.from({ length: 18 }, (_, row): MadeRow => ({
    split: row < 12 ? "train" : "test",
    label: row % 3,
  }));
  const audited: AuditedIndex = { ...indexOf(rows, 3), classNames: ["heart", "left lung", "right lung"], notes: [] };
  const take = (name: string, params: Readonly<Record<string, unknown>>): Promise<ExampleSet> =>
    runSingleOp(split, "examples", { params: { split: name, ...params }, inputs: { audited } });

  it.each([{ views: 8 }, { views: -1, fresh_views: 8 }])("swaps the classes of mirrored views: %o", async (views) => {
    const { examples, labels } = await take("train", { ...views, mirror_pairs: [lungs] });
    const expected = examples.map(({ id, view }) => {
      const label = audited.labels.values[Number(id)]!;
      return label > 0 && isMirrored(view!) ? 3 - label : label;
    });
    expect([...labels.values]).toEqual(expected);
    expect(new Set(expected.slice(8, 16))).toEqual(new Set([1, 2]));
  });

  it("refuses sided classes without pairs where views are flipped, and nowhere else", async () => {
    await expect(take("train", { views: 2 })).rejects.toMatchObject({ code: "mirror-class-unpaired" });
    expect((await take("train", { views: 2, view_ops: ["rotation"] })).examples).toHaveLength(24);
    expect((await take("test", { views: 2 })).examples).toHaveLength(6);
    expect((await take("train", {})).examples).toHaveLength(12);
  });
});

function refusal(pairs: readonly (readonly string[])[], operations: readonly string[] = []): OpError {
  try {
    mirrorClasses(classes, { operations, pairs });
  } catch (error) {
    if (error instanceof OpError) return error;
  }
  throw new Error("Nothing was refused.");
}
