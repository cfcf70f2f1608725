import { createHash } from "node:crypto";
import type { ExampleView } from "../artifacts/example-view.ts";
import type { Example, ExampleSet } from "../artifacts/examples.ts";
import type { FeatureMatrix } from "../artifacts/features.ts";
import { rowWidth } from "../rows.ts";
import { requireRowsOf } from "./feature-part.ts";

export type BagPooling = "mean" | "max";

/** What a head is given: rows of features, and the examples that they are of. */
export interface HeadData {
  readonly features: FeatureMatrix;
  readonly examples: ExampleSet;
}

/**
 * One row for each bag: the mean (summed in double precision) or the largest value of each feature over its images, the bag
 * in place of its first image. An image without a bag is a bag of one and stays as it is. Of views, view k of a bag is made
 * of view k of all its images. The very same objects where no image has a bag.
 */
export function poolBags(data: HeadData, pooling: BagPooling): HeadData {
  const { features, examples } = data;
  if (examples.examples.every(({ bag }) => bag === undefined)) return data;
  requireRowsOf(features, examples);
  const bags = gatherBags(examples);
  const width = rowWidth(features.layout);
  const pooled = new Float32Array(bags.rows.length * width);
  for (const [place, rows] of bags.rows.entries()) {
    const images = rows.map((row) => features.data.subarray(row * width, (row + 1) * width));
    pool[pooling](images, pooled.subarray(place * width, (place + 1) * width));
  }
  const digests = bags.examples.examples.map(({ digest }) => digest);
  return { features: { ...features, digests, data: pooled }, examples: bags.examples };
}

/** Bags as examples, and the rows of the images that each of them holds. */
export interface Bags {
  readonly examples: ExampleSet;
  readonly rows: readonly (readonly number[])[];
}

/**
 * In the order of their first images; where there are views, all views of a bag one after the other. A bag's digest is made
 * of its images'; label and patient are its first image's, as all of them share one.
 */
export function gatherBags(set: ExampleSet): Bags {
  const { examples, labels } = set;
  const rows = rowsByBag(examples);
  const values = new Int32Array(rows.length * labels.width);
  for (const [place, [first = 0]] of rows.entries()) {
    values.set(labels.values.subarray(first * labels.width, (first + 1) * labels.width), place * labels.width);
  }
  const bags = rows.map((images) => exampleOf(images.map((row) => examples[row]!)));
  return { examples: { ...set, examples: bags, labels: { width: labels.width, values } }, rows };
}

function rowsByBag(examples: readonly Example[]): readonly (readonly number[])[] {
  const bags = new Map<string, number[][]>();
  for (const [row, { id, bag, view }] of examples.entries()) {
    // Two names: an image may be called as a bag is.
    const key = bag === undefined ? `image ${id}` : `bag ${bag}`;
    const views = bags.get(key) ?? [];
    bags.set(key, views);
    (views[view?.index ?? 0] ??= []).push(row);
  }
  return [...bags.values()].flat();
}

function exampleOf(images: readonly Example[]): Example {
  const [first] = images;
  if (first === undefined) throw new Error("A bag has no images.");
  const { bag, view, ...image } = first;
  if (bag === undefined) return first;
  return {
    ...image,
    id: bag,
    digest: hashOf(images.map(({ digest }) => digest)),
    ...(view !== undefined && { view: viewOf(images, view) }),
  };
}

/** The same view of all images is that view of the bag. */
function viewOf(images: readonly Example[], first: ExampleView): ExampleView {
  const originals = images.map(({ digest, view }) => view?.of ?? digest);
  return { ...first, of: hashOf(originals) };
}

function hashOf(digests: readonly string[]): string {
  return createHash("sha256").update(digests.join("\n")).digest("hex");
}

/** Each writes one row that is made of several. */
const pool: Readonly<Record<BagPooling, (rows: readonly Float32Array[], target: Float32Array) => void>> = {
  mean: (rows, target) => {
    for (let column = 0; column < target.length; column++) {
      let sum = 0;
      for (const row of rows) sum += row[column]!;
      target[column] = sum / rows.length;
    }
  },
  max: (rows, target) => {
    for (let column = 0; column < target.length; column++) {
      let largest = -Infinity;
      for (const row of rows) largest = Math.max(largest, row[column]!);
      target[column] = largest;
    }
  },
};
