import { describe, expect, test } from "vitest";
import { comparePublished, type HeldCounts } from "./inspect-counts.ts";
import type { SplitCounts } from "./inspection.ts";
import type { PublishedCounts } from "./published-counts.ts";

const none = counts(0, 0, 0);
const held: HeldCounts = {
  images: counts(70, 10, 20),
  classes: [
    { name: "Edema", positives: counts(7, 1, 2), negatives: counts(63, 9, 18), unknown: none },
    { name: "Hernia", positives: counts(3, 0, 1), negatives: counts(67, 10, 19), unknown: none },
  ],
  patients: counts(30, 4, 8),
};
const published: PublishedCounts = {
  name: "Made",
  source: "its list",
  images: { train: 70, val: 10, test: 20, all: 100 },
  classes: 2,
  patients: { all: 42 },
  positives: { Hernia: { test: 1, all: 4 }, Edema: { train: 7 } },
};

describe("comparePublished", () => {
  test("finds no difference where every number that is stated is the one found", () => {
    expect(comparePublished(published, held)).toEqual({ ...published, differences: [] });
    expect(comparePublished(null, held)).toBeNull();
  });

  test("names what differs: the split, and the class of positives", () => {
    const other: PublishedCounts = {
      ...published,
      images: { val: 11, test: 20, all: 101 },
      classes: 3,
      patients: { train: 30, all: 43 },
      positives: { Hernia: { train: 3, test: 2 }, Absent: { all: 9 } },
    };
    expect(comparePublished(other, held)?.differences).toEqual([
      { of: "images", split: "val", className: null, published: 11, found: 10 },
      { of: "images", split: "all", className: null, published: 101, found: 100 },
      { of: "classes", split: null, className: null, published: 3, found: 2 },
      { of: "patients", split: "all", className: null, published: 43, found: 42 },
      { of: "positives", split: "test", className: "Hernia", published: 2, found: 1 },
    ]);
  });

  test("compares no patients where the source names none", () => {
    expect(comparePublished(published, { ...held, patients: null })?.differences).toEqual([]);
  });

  test("takes a split that is published apart to be absent on purpose where there is nothing of it", () => {
    const apart: PublishedCounts = { ...published, apart: ["test"] };
    const without: HeldCounts = {
      images: counts(70, 10, 0),
      classes: [held.classes[0]!, { ...held.classes[1]!, positives: counts(3, 0, 0) }],
      patients: counts(30, 4, 0),
    };
    expect(comparePublished(apart, without)?.differences).toEqual([]);
    expect(comparePublished(published, without)?.differences.map(({ of, split }) => [of, split])).toEqual([
      ["images", "test"],
      ["images", "all"],
      ["patients", "all"],
      ["positives", "test"],
      ["positives", "all"],
    ]);
    const partly = { ...without, images: counts(70, 10, 19) };
    expect(comparePublished(apart, partly)?.differences[0]).toMatchObject({ of: "images", split: "test", found: 19 });
  });
});

/** `all` is the sum: nothing is in two splits. */
function counts(train: number, val: number, test: number): SplitCounts {
  return { train, val, test, all: train + val + test };
}
