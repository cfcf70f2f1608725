import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Example, ExampleSet, ProblemKind } from "../artifacts/examples.ts";
import type { FeatureMatrix } from "../artifacts/features.ts";
import { gatherBags, poolBags } from "./bags.ts";
import { viewsPerImage } from "./views.ts";

const recipe = { operations: ["rotation"], seed: 0, stored: true };

describe("poolBags", () => {
  it("gives the very same objects where there are no bags", () => {
    const data = dataOf([imageOf("a"), imageOf("b")], [1, 2]);
    expect(poolBags(data, "mean")).toBe(data);
    expect(poolBags(data, "max")).toBe(data);
  });

  it("gives the mean or the largest of each feature, over all parts, in the order of the first images", () => {
    const images = [imageOf("a1", "A"), imageOf("b1", "B"), imageOf("a2", "A"), imageOf("c")];
    const data = dataOf(images, [1, 10, 5, 50, 3, 20, 7, 70]);
    const mean = poolBags(data, "mean");
    expect([...mean.features.data]).toEqual([2, 15, 5, 50, 7, 70]);
    expect([...poolBags(data, "max").features.data]).toEqual([3, 20, 5, 50, 7, 70]);
    expect(mean.examples.examples.map(({ id }) => id)).toEqual(["A", "B", "c"]);
    expect(mean.features.digests).toEqual(mean.examples.examples.map(({ digest }) => digest));
    expect(mean.features.layout).toBe(data.features.layout);
  });

  it("keeps an image without a bag, and makes a bag's digest of those of its images", () => {
    const single = imageOf("c");
    const { examples } = poolBags(dataOf([imageOf("a1", "A"), imageOf("a2", "A"), single], [0, 0, 0]), "mean").examples;
    expect(examples[1]).toBe(single);
    const digest = createHash("sha256").update("digest of a1\ndigest of a2").digest("hex");
    expect(examples[0]).toEqual({ id: "A", digest, locator: "a1", group: "patient" });
  });

  it.each(["binary", "multi-label"] as const)("takes the label of the images: %s", (problem) => {
    const labels = problem === "binary" ? [1, 1, 0] : [0, 1, 0, 1, -1, 0];
    const images = [imageOf("a1", "A"), imageOf("a2", "A"), imageOf("c")];
    const { labels: pooled } = poolBags(dataOf(images, [0, 0, 0], { problem, labels }), "mean").examples;
    expect([...pooled.values]).toEqual(problem === "binary" ? [1, 0] : [0, 1, -1, 0]);
  });

  it("makes view k of a bag of view k of its images, and leaves views where heads look for them", () => {
    const images = ["a1", "b1", "a2"].flatMap((id) => [0, 1].map((index) => viewOf(imageOf(id, id[0]), index)));
    const { features, examples } = poolBags(dataOf(images, [1, 2, 30, 40, 5, 6]), "mean");
    expect([...features.data]).toEqual([3, 4, 30, 40]);
    expect(examples.examples.map(({ id, view }) => [id, view?.index])).toEqual([
      ["a", 0],
      ["a", 1],
      ["b", 0],
      ["b", 1],
    ]);
    expect(viewsPerImage(examples)).toBe(2);
    expect(new Set(features.digests).size).toBe(4);
  });
});

describe("gatherBags", () => {
  it("names the rows of each bag, also where an image is called as a bag is", () => {
    const data = dataOf([imageOf("a1", "A"), imageOf("A"), imageOf("a2", "A")], [0, 0, 0]);
    expect(gatherBags(data.examples).rows).toEqual([[0, 2], [1]]);
  });
});

function imageOf(id: string, bag?: string): Example {
  return { id, digest: `digest of ${id}`, locator: id, group: "patient", ...(bag !== undefined && { bag }) };
}

function viewOf(image: Example, index: number): Example {
  return {
    ...image,
    digest: `${image.digest} ${String(index)}`,
    view: { of: image.digest, index, recipe },
  };
}

interface Truth {
  readonly problem?: ProblemKind;
  readonly labels?: readonly number[];
}

function dataOf(examples: readonly Example[], values: readonly number[], { problem = "binary", labels }: Truth = {}) {
  const width = values.length / examples.length;
  const classNames = ["no", "yes"];
  const set: ExampleSet = {
    problem,
    classNames,
    examples,
    labels: {
      width: problem === "multi-label" ? 2 : 1,
      values: Int32Array.from(labels ?? examples.map(() => 0)),
    },
    notes: [],
  };
  const features: FeatureMatrix = {
    layout: {
      parts: Array.from({ length: width }, (_, part) => ({ name: `p${String(part)}`, width: 1 })),
      defaultPart: "p0",
    },
    digests: examples.map(({ digest }) => digest),
    data: Float32Array.from(values),
  };
  return { features, examples: set };
}
