import { describe, expect, it } from "vitest";
import { runSingleOp } from "../../../../tests/ops/run-single-op.ts";
import type { AuditedIndex } from "../artifacts/audited.ts";
import type { ExampleSet } from "../artifacts/examples.ts";
import { split } from "./split.ts";
import { indexOf, type MadeRow } from "../../../../tests/ops/splits/index-of.ts";

const index: AuditedIndex = {
  problem: "multi-label",
  classNames: ["a", "b"],
  examples: ["w", "x", "y", "z"].map((id) => ({ id, digest: `digest of ${id}`, locator: id, group: null })),
  labels: { width: 2, values: Int32Array.of(1, 0, 0, 1, 1, 1, 0, 0) },
  splits: ["test", "train", "test", "train"],
  notes: [],
};

/** 30 images of training, ten of each class; 15 of validation, nine of test. */
const larger: AuditedIndex = {
  ...indexOf(
    Array.from({ length: 54 }, (_, row): MadeRow => {
      return { split: row < 30 ? "train" : row < 45 ? "val" : "test", label: row % 3 };
    }),
    3,
  ),
  notes: ["Leaks: 1 image of train that val has too, byte for byte, was left out of train (leaks: drop)."],
};

describe("split", () => {
  it("takes the rows of one split, labels and all, in the source's order", async () => {
    expect(await take("train")).toEqual({
      problem: "multi-label",
      classNames: ["a", "b"],
      examples: [index.examples[1], index.examples[3]],
      labels: { width: 2, values: Int32Array.of(0, 1, 0, 0) },
      notes: [],
    });
    expect((await take("test")).examples.map((example) => example.id)).toEqual(["w", "y"]);
  });

  it("notes on validation and test what the audit found", async () => {
    const notes = await Promise.all(
      ["train", "val", "test", "train+val", "fold 1/2", "rest 1/2"].map(
        async (name) => (await take(name, larger)).notes.length,
      ),
    );
    expect(notes).toEqual([0, 1, 1, 0, 0, 0]);
    expect((await take("test", larger)).notes).toEqual(larger.notes);
  });

  it("takes training and validation together, in the source's order", async () => {
    const withVal: AuditedIndex = { ...index, splits: ["val", "train", "test", "train"] };
    expect((await take("train+val", withVal)).examples.map(({ id }) => id)).toEqual(["w", "x", "z"]);
    await expect(take("train+val")).rejects.toMatchObject({
      code: "split-empty",
      message: /in the split val: train 2/,
    });
  });

  it("divides the training split into a fold and the rest", async () => {
    const halves = await Promise.all(["fold 1/2", "fold 2/2", "rest 1/2", "rest 2/2"].map((name) => take(name)));
    const [first, second, rest1, rest2] = halves.map(({ examples }) => examples.map(({ id }) => id));
    expect([...(first ?? []), ...(second ?? [])].sort()).toEqual(["x", "z"]);
    expect(rest1).toEqual(second);
    expect(rest2).toEqual(first);
  });

  it("says of an empty split what the others hold, and what the audit left out", async () => {
    await expect(take("val")).rejects.toMatchObject({
      code: "split-empty",
      message: "The data set has no example in the split val: train 2, val 0, test 2.",
    });
    await expect(take("val", { ...index, notes: larger.notes })).rejects.toThrow(
      "train 2, val 0, test 2. Leaks: 1 image of train that val has too",
    );
  });
});

describe("split with few shots", () => {
  it("draws of the training split, the same whatever validation is", async () => {
    const drawn = idsOf(await take("train", larger, { shots: 2 }));
    expect(drawn).toHaveLength(6);
    expect(drawn.every((id) => Number(id) < 30)).toBe(true);
    expect(idsOf(await take("train", larger, { shots: 2, shots_val: "matched" }))).toEqual(drawn);
    expect(idsOf(await take("train", larger, { shots: 2, draw: 1 }))).not.toEqual(drawn);
    expect(idsOf(await take("test", larger, { shots: 2 }))).toHaveLength(9);
  });

  it("validates on as many, or on all with a word on it, or on none", async () => {
    const matched = await take("val", larger, { shots: 2, shots_val: "matched" });
    expect(matched.examples).toHaveLength(6);
    expect(matched.notes).toEqual(larger.notes);
    const full = await take("val", larger, { shots: 1, shots_of: "patients" });
    expect(full.examples).toHaveLength(15);
    expect(full.notes).toEqual([
      ...larger.notes,
      "Validation is on all 15 images of the split val, where training has 1 patient of each class (shots_val: full).",
    ]);
    await expect(take("val", larger, { shots: 2, shots_val: "none" })).rejects.toMatchObject({
      code: "val-refused",
      hint: expect.stringMatching(/shots_val: matched/) as string,
    });
    expect((await take("val", larger, { shots: null, shots_val: "none" })).examples).toHaveLength(15);
  });

  it("says which classes have fewer", async () => {
    expect((await take("train", larger, { shots: 11 })).notes).toEqual([
      "The split train has fewer than 11 images of these classes to draw: class 0 (10), class 1 (10), class 2 (10).",
    ]);
    expect((await take("train", larger, { shots: 10 })).notes).toEqual([]);
    const matched = await take("val", larger, { shots: 6, shots_val: "matched" });
    expect(matched.notes.at(-1)).toMatch(/^The split val has fewer than 6 images of these classes/);
  });

  it("refits on validation too only where that is asked for", async () => {
    await expect(take("train+val", larger, { shots: 2 })).rejects.toMatchObject({ code: "shots-refit" });
    await expect(
      take("train+val", larger, { shots: 2, shots_refit_val: true, shots_val: "none" }),
    ).rejects.toMatchObject({ code: "val-refused" });
    const train = idsOf(await take("train", larger, { shots: 2 }));
    const refit = await take("train+val", larger, { shots: 2, shots_refit_val: true });
    expect(idsOf(refit)).toEqual([...train, ...Array.from({ length: 15 }, (_, row) => String(30 + row))]);
    expect(refit.notes).toEqual([
      "Besides 2 images of each class of the split train, training has all 15 images of the split val (shots_refit_val).",
    ]);
    const matched = { shots: 2, shots_val: "matched" };
    expect(idsOf(await take("train+val", larger, { ...matched, shots_refit_val: true }))).toEqual([
      ...train,
      ...idsOf(await take("val", larger, matched)),
    ]);
  });

  it("folds what was drawn", async () => {
    const drawn = idsOf(await take("train", larger, { shots: 4 }));
    const fold = idsOf(await take("fold 2/3", larger, { shots: 4 }));
    const rest = idsOf(await take("rest 2/3", larger, { shots: 4 }));
    expect(fold).toHaveLength(4);
    expect([...fold, ...rest].sort()).toEqual([...drawn].sort());
  });
});

describe("split with views", () => {
  it("makes views of what is learned from, and of nothing else", async () => {
    const counts = await Promise.all(
      ["train", "train+val", "rest 1/3", "fold 1/3", "val", "test"].map(async (name) => {
        const { examples } = await take(name, larger, { views: 4 });
        return [examples.length, examples.filter(({ view }) => view !== undefined).length];
      }),
    );
    expect(counts).toEqual([
      [120, 120],
      [180, 180],
      [80, 80],
      [10, 0],
      [15, 0],
      [9, 0],
    ]);
    const { examples } = await take("train", larger, { views: 2, view_ops: ["vertical_flip"], view_seed: 3, shots: 1 });
    expect(examples).toHaveLength(6);
    expect(examples[1]?.view).toMatchObject({
      index: 1,
      recipe: { operations: ["vertical_flip"], seed: 3, stored: true },
    });
  });

  it("takes a parameter that means nothing for none", async () => {
    expect(
      (await take("train", larger, { views: null, view_ops: null, view_seed: null, mirror_pairs: null })).examples,
    ).toHaveLength(30);
  });

  it("makes fresh views for as many epochs as the head is trained", async () => {
    const { examples } = await take("train", larger, { views: -1, fresh_views: 7 });
    expect(examples).toHaveLength(210);
    expect(examples[6]?.view).toMatchObject({ index: 6, recipe: { stored: false } });
    await expect(take("train", larger, { views: -1, fresh_views: null })).rejects.toMatchObject({
      code: "views-fresh",
    });
  });
});

function take(name: string, audited = index, params: Readonly<Record<string, unknown>> = {}): Promise<ExampleSet> {
  return runSingleOp(split, "examples", {
    params: { split: name, ...params },
    inputs: { audited },
  });
}

function idsOf({ examples }: ExampleSet): readonly string[] {
  return examples.map(({ id }) => id);
}
