import { describe, expect, it } from "vitest";
import { contextFor } from "../../../../tests/ops/dataset-testing.ts";
import type { DatasetIndex } from "../artifacts/dataset.ts";
import type { ExampleSet } from "../artifacts/examples.ts";
import { split } from "./split.ts";

const index: DatasetIndex = {
  problem: "multi-label",
  classNames: ["a", "b"],
  examples: ["w", "x", "y", "z"].map((id) => ({ id, digest: `digest of ${id}`, locator: id, group: null })),
  labels: { width: 2, values: Int32Array.of(1, 0, 0, 1, 1, 1, 0, 0) },
  splits: ["test", "train", "test", "train"],
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

  it("notes images and groups that the training split has too", async () => {
    const [w, x, y, z] = index.examples.map((example, row) => ({ ...example, group: `patient ${String(row)}` }));
    if (!w || !x || !y || !z) throw new Error("four examples");
    const leaking = { ...index, examples: [{ ...w, digest: x.digest, group: null }, x, { ...y, group: z.group }, z] };
    expect((await take("test", leaking)).notes).toEqual([
      "A leak: 1 of the 2 images of the split test are in the training split too, byte for byte.",
      "A leak: 1 of the 2 images of the split test are of groups (patients) that the training split has too.",
    ]);
    expect((await take("train", leaking)).notes).toEqual([]);
    expect((await take("test")).notes).toEqual([]);
  });

  it("takes training and validation together, in the source's order", async () => {
    const withVal = { ...index, splits: ["val", "train", "test", "train"] } as const;
    expect((await take("train+val", withVal)).examples.map(({ id }) => id)).toEqual(["w", "x", "z"]);
    await expect(take("train+val")).rejects.toMatchObject({
      code: "split-empty",
      message: /in the split val: train 2/,
    });
  });

  it("notes what the test split shares with the validation split, which refits learn from", async () => {
    const [w, x, y, z] = index.examples;
    if (!w || !x || !y || !z) throw new Error("four examples");
    const leaking = {
      ...index,
      examples: [w, x, { ...y, digest: w.digest }, z],
      splits: ["val", "train", "test", "train"],
    };
    expect((await take("test", leaking as DatasetIndex)).notes).toEqual([
      "A leak: 1 of the 1 images of the split test are in the validation split too, byte for byte.",
    ]);
  });

  it("divides the training split into a fold and the rest", async () => {
    const halves = await Promise.all(["fold 1/2", "fold 2/2", "rest 1/2", "rest 2/2"].map((name) => take(name)));
    const [first, second, rest1, rest2] = halves.map(({ examples }) => examples.map(({ id }) => id));
    expect([...(first ?? []), ...(second ?? [])].sort()).toEqual(["x", "z"]);
    expect(rest1).toEqual(second);
    expect(rest2).toEqual(first);
  });

  it("says of an empty split what the others hold", async () => {
    await expect(take("val")).rejects.toMatchObject({
      code: "split-empty",
      message: "The data set has no example in the split val: train 2, val 0, test 2.",
    });
  });
});

async function take(name: string, value = index): Promise<ExampleSet> {
  const dataset = { kind: "dataset", value, origin: { op: "csv", params: {} } } as const;
  return (await split.run({ ...contextFor({ split: name }), inputs: { dataset } })) as ExampleSet;
}
