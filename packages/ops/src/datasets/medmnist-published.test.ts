import { describe, expect, it } from "vitest";
import { comparePublished } from "./inspect-counts.ts";
import { publishedMedmnist } from "./medmnist-published.ts";

describe("publishedMedmnist", () => {
  it.each(["dermamnist.npz", "dermamnist_28.npz", "dermamnist_64.npz", "dermamnist_128.npz", "dermamnist_224.npz"])(
    "knows %s by its name",
    (file) => {
      expect(publishedMedmnist(file)).toMatchObject({
        name: "dermamnist",
        images: { train: 7007, val: 1003, test: 2005 },
        classes: 7,
      });
    },
  );

  it.each(["mine.npz", "dermamnist_32.npz", "dermamnist.npz.part", "my_dermamnist.npz", "toString.npz"])(
    "says nothing of %s",
    (file) => expect(publishedMedmnist(file)).toBeNull(),
  );
});

describe("comparePublished", () => {
  it("tells splits and classes that differ", () => {
    const counts = (all: number) => ({ train: 0, val: 0, test: 0, all });
    const classes = ["0", "1"].map((name) => ({
      ...{ name, positives: counts(0), negatives: counts(0), unknown: counts(0) },
    }));
    const published = publishedMedmnist("breastmnist.npz");
    const images = { train: 546, val: 77, test: 157, all: 780 };
    expect(comparePublished(published, { images, classes })?.differences).toEqual([
      { of: "val", published: 78, found: 77 },
      { of: "test", published: 156, found: 157 },
    ]);
    expect(comparePublished(null, { images, classes })).toBeNull();
  });
});
