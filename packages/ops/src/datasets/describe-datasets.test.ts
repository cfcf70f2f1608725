import { describe, expect, test } from "vitest";
import { csv } from "./csv.ts";
import type { DatasetDescription } from "./dataset-description.ts";
import { datasets } from "./dataset-readers.ts";
import { describeDatasets, describeFormat } from "./describe-datasets.ts";

const made: DatasetDescription = {
  title: "Made",
  modality: "X-ray",
  task: "2 classes",
  images: 12,
  patients: null,
  licence: "CC BY 4.0",
  size: null,
  source: "https://example.org/made",
  citation: "Maker M. Made. 2026",
  splits: "the publisher's",
};

describe("describeFormat", () => {
  test("takes name and summary from the signature, and says whether counts are compared", () => {
    const { name, summary } = csv.op.signature;
    expect(describeFormat(csv)).toEqual({ name, summary, published: [], isCompared: false });
    expect(describeFormat({ ...csv, descriptions: [made], published: () => null })).toMatchObject({
      published: [made],
      isCompared: true,
    });
  });
});

describe("describeDatasets", () => {
  const described = describeDatasets();
  const published = described.flatMap((each) => each.published);

  test("has every constructor once, those for data of one's own at the end", () => {
    expect(described.map(({ name }) => name).sort()).toEqual(datasets.map(({ signature }) => signature.name).sort());
    const own = described.map((each) => each.published.length === 0);
    expect(own).toEqual([...own].sort((a, b) => Number(a) - Number(b)));
    expect(described.filter((each) => each.published.length === 0).map(({ name }) => name)).toEqual(
      expect.arrayContaining(["csv", "image_folder", "phantoms"]),
    );
  });

  test("gives every published data set a name of its own, a page, and words that fit into a table's cell", () => {
    const titles = published.map(({ title }) => title.toLowerCase());
    expect(new Set(titles).size).toBe(titles.length);
    for (const { source, images, patients, size, ...words } of published) {
      expect(source).toMatch(/^https:\/\/\S+$/);
      expect([images, patients].every((count) => count === null || (Number.isInteger(count) && count > 0))).toBe(true);
      expect(size ?? "1 GB").toMatch(/\d [kMG]B/);
      expect(Object.values(words).every((text) => text !== "" && text === text.trim() && !text.includes("\n"))).toBe(
        true,
      );
    }
  });
});
