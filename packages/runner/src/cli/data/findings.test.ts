import type { DatasetInspection } from "@exp-lab/ops";
import { describe, expect, test } from "vitest";
import { findingsOf } from "./findings.ts";

type Difference = NonNullable<DatasetInspection["published"]>["differences"][number];

describe("findingsOf tells what differs from what was published", () => {
  test("each number by what it counts and where", () => {
    const [finding] = findingsWith([
      { of: "images", split: "test", className: null, published: 25_596, found: 25_600 },
      { of: "patients", split: "all", className: null, published: 30_805, found: 30_806 },
      { of: "classes", split: null, className: null, published: 14, found: 15 },
      { of: "positives", split: "test", className: "Hernia", published: 86, found: 85 },
    ]);
    expect(finding).toEqual({
      isBad: false,
      text: "differs from Made as published in its list",
      lines: [
        "25,600 images in test, published are 25,596",
        "30,806 patients in all, published are 30,805",
        "15 classes, published are 14",
        "85 positives of Hernia in test, published are 86",
      ],
      places: 4,
    });
  });

  test.each(["images", "patients"] as const)("as a fault where there are fewer %s", (of) => {
    const fewer = { of, split: "train", className: null, published: 10, found: 9 } as const;
    expect(findingsWith([fewer])).toMatchObject([{ isBad: true }]);
    expect(findingsWith([{ ...fewer, found: 11 }])).toMatchObject([{ isBad: false }]);
  });

  test("ten numbers at most, and how many there are", () => {
    const differences = Array.from({ length: 12 }, (_, index): Difference => ({
      ...{ of: "positives", split: "train", className: `c${index}`, published: 1, found: 2 },
    }));
    const [finding] = findingsWith(differences);
    expect([finding?.lines.length, finding?.places]).toEqual([10, 12]);
  });

  test("not at all where nothing does", () => {
    expect(findingsWith([])).toEqual([]);
  });
});

function findingsWith(differences: readonly Difference[]): ReturnType<typeof findingsOf> {
  const none = { train: 0, val: 0, test: 0, all: 0 };
  const inspection: DatasetInspection = {
    ...{ problem: "multi-label", images: none, classes: [], patients: null, bags: null },
    ...{ problems: [], leftOut: [], notes: [], missing: [], unreadable: [], sizes: null, identical: [], lacking: [] },
    ...{ leaks: [], repeats: [], bagFaults: [], dropped: [] },
    published: { name: "Made", source: "its list", images: {}, classes: 14, differences },
  };
  return findingsOf(inspection, []);
}
