import { describe, expect, it } from "vitest";
import { datasetCodec, type DatasetIndex } from "./dataset.ts";
import { encodeDocument } from "./document-codec.ts";
import { exampleFields, examplesCodec } from "./examples.ts";

const index: DatasetIndex = {
  problem: "binary",
  classNames: ["healthy", "ill"],
  examples: [
    { id: "train/a.png", digest: "aa", locator: "train/a.png", group: "patient 1" },
    { id: "test/b.png", digest: "bb", locator: "test/b.png", group: null },
  ],
  labels: { width: 1, values: Int32Array.of(1, 0) },
  splits: ["train", "test"],
};

describe("datasetCodec and examplesCodec", () => {
  it("give back what they were given", () => {
    expect(datasetCodec.decode(datasetCodec.encode(index))).toEqual(index);
    const { splits: _, ...examples } = index;
    const set = { ...examples, notes: ["One of them is odd."] };
    expect(examplesCodec.decode(examplesCodec.encode(set))).toEqual(set);
    const flags = { ...set, problem: "multi-label", labels: { width: 2, values: Int32Array.of(1, 1, 0, 1) } } as const;
    expect(examplesCodec.decode(examplesCodec.encode(flags))).toEqual(flags);
  });

  it("refuse to store labels that do not fit the examples", () => {
    expect(() => datasetCodec.encode({ ...index, splits: ["train"] })).toThrow("examples lack a split");
    const set = { ...index, notes: [] };
    expect(() => examplesCodec.encode({ ...set, labels: { width: 1, values: Int32Array.of(1) } })).toThrow(
      "1 label values for 2 examples",
    );
    expect(() => examplesCodec.encode({ ...set, labels: { width: 1, values: Int32Array.of(0, 2) } })).toThrow(
      "the label 2 of example test/b.png",
    );
  });

  it("refuse stored bytes that contradict themselves", () => {
    const wrong = { ...exampleFields(index), splits: ["train", "holdout"] };
    const bytes = encodeDocument({ kind: "dataset", fields: wrong, arrays: { labels: index.labels.values } });
    expect(() => datasetCodec.decode(bytes)).toThrow("not every example has a known split");
    const floats = encodeDocument({ kind: "dataset", fields: wrong, arrays: { labels: Float32Array.of(1, 0) } });
    expect(() => datasetCodec.decode(floats)).toThrow('its array "labels" is of another element type');
    const { ids: _, ...idless } = exampleFields(index);
    const lacking = encodeDocument({ kind: "examples", fields: idless, arrays: { labels: index.labels.values } });
    expect(() => examplesCodec.decode(lacking)).toThrow('its field "ids" should be a list of strings');
  });
});
