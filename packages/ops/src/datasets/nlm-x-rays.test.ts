import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { contextFor, createFolder } from "../../../../tests/ops/dataset-testing.ts";
import { writeMontgomeryMiniature } from "../../../../tests/ops/miniatures/montgomery.ts";
import { writeShenzhenMiniature } from "../../../../tests/ops/miniatures/shenzhen.ts";
import { drawSmall } from "../../../../tests/ops/miniatures/small-drawing.ts";
import { writeFileAt } from "../../../../tests/ops/miniatures/write-file.ts";
import type { DatasetIndex } from "../artifacts/dataset.ts";
import { findLeaks } from "../splits/find-leaks.ts";
import type { DatasetFormat } from "./dataset-format.ts";
import { countDistinct, countImages } from "./inspect-counts.ts";
import { inspectDataset } from "./inspect-dataset.ts";
import { montgomery } from "./montgomery.ts";
import { shenzhen } from "./shenzhen.ts";

let root: string;
beforeEach(async () => {
  root = await createFolder();
});
afterEach(() => rm(root, { recursive: true }));

describe("montgomery", () => {
  test("takes labels from names and orders by number", async () => {
    await writeMontgomeryMiniature(root);
    const index = await indexOf(montgomery);
    expect(index).toMatchObject({ problem: "binary", classNames: ["normal", "tuberculosis"] });
    expect(index.examples).toHaveLength(24);
    expect(index.examples[0]).toMatchObject({
      id: "MCUCXR_0001_0.png",
      locator: "MontgomerySet/CXR_png/MCUCXR_0001_0.png",
      group: "hash of MCUCXR 1",
    });
    const ids = index.examples.map(({ id }) => id);
    expect(ids).toEqual([...ids].sort());
    expect([...index.labels.values]).toEqual(ids.map((id) => Number(id.at(-5))));
    expect(index.notes?.[0]).toContain("of which 21 are here and 135 are published");
  });

  test("keeps the images of one patient together: 0113 and 0117; 0162, 0166 and 0170", async () => {
    await writeMontgomeryMiniature(root);
    const index = await indexOf(montgomery);
    const groupOf = (number: string): string | null =>
      index.examples.find(({ id }) => id === `MCUCXR_${number}_1.png`)!.group;
    expect(groupOf("0117")).toBe(groupOf("0113"));
    expect([groupOf("0166"), groupOf("0170")]).toEqual([groupOf("0162"), groupOf("0162")]);
    expect(new Set(index.examples.map(({ group }) => group)).size).toBe(21);
    expect(findLeaks(index).leaks).toEqual([]);
  });

  test("splits the patients of each class, every fifth for test, every fifth of the rest for val", async () => {
    await writeMontgomeryMiniature(root);
    const index = await indexOf(montgomery);
    const inSplit = (name: string): readonly string[] =>
      index.examples.flatMap(({ id }, row) => (index.splits[row] === name ? [id.slice(7, 13)] : []));
    expect(inSplit("test")).toEqual(["0001_0", "0008_0", "0020_0", "0104_1", "0150_1"]);
    expect(inSplit("val")).toEqual(["0002_0", "0015_0", "0108_1", "0182_1"]);
  });

  test("has the counts of its rule at the published size", async () => {
    // Which numbers the set has is not known here, but how many, and that the five of the two patients are among them.
    const tuberculosis = [104, 113, 117, 162, 166, 170, ...Array.from({ length: 52 }, (_, index) => 200 + index)];
    await writeNames("CXR_png", "MCUCXR", [Array.from({ length: 80 }, (_, index) => index + 1), tuberculosis]);
    const index = await indexOf(montgomery);
    const { published } = montgomery;
    expect(countImages(index).all).toBe(138);
    const groups = index.examples.map(({ group }) => group);
    expect(published!(paramsFor())?.patients).toEqual(countDistinct(groups, index.splits));
    expect(index).not.toHaveProperty("notes");
  });
});

describe("shenzhen", () => {
  test("reads palettes through their ramps, falling ones too, and RGB", async () => {
    await writeShenzhenMiniature(root);
    const index = await indexOf(shenzhen);
    const reader = await shenzhen.open(paramsFor());
    // A falling palette, a rising one, none.
    for (const number of [1, 2, 4]) {
      const { width, height, channels, data } = await reader.readImage(index.examples[number - 1]!);
      const greys = drawSmall({ width, height, label: 0, seed: number });
      expect(channels).toBe(3);
      expect(data).toEqual(Uint8Array.from({ length: 3 * greys.length }, (_, place) => greys[Math.floor(place / 3)]!));
    }
    await reader.close();
  });

  test("has the counts of its rule at the published size", async () => {
    const from = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index);
    await writeNames("ChinaSet_AllFiles/CXR_png", "CHNCXR", [from(1, 326), from(327, 336)]);
    const index = await indexOf(shenzhen);
    expect(countImages(index)).toEqual(shenzhen.published!(paramsFor())?.images);
    expect(
      findLeaks({ ...index, examples: index.examples.map((each) => ({ ...each, digest: each.id })) }).leaks,
    ).toEqual([]);
  });
});

describe("layouts of both sets", () => {
  test.each([
    "CXR_png",
    "NLM-MontgomeryCXRSet/MontgomerySet/CXR_png",
    "Montgomery-County-CXR-Set/MontgomerySet/CXR_png",
    "Montgomery/MontgomerySet/CXR_png",
    "images/images",
    "images",
    "Lung Segmentation/CXR_png",
    ".",
  ])("finds the images in %s, and says the same of them", async (folder) => {
    await writeMontgomeryMiniature(root);
    const first = await indexOf(montgomery);
    await moveFolder("MontgomerySet/CXR_png", folder);
    const moved = await indexOf(montgomery);
    const plain = ({ examples, ...others }: DatasetIndex) => ({
      ...others,
      examples: examples.map(({ locator: _, ...each }) => each),
    });
    expect(plain(moved)).toEqual(plain(first));
    expect(moved.examples[0]?.locator).toBe(folder === "." ? "MCUCXR_0001_0.png" : `${folder}/MCUCXR_0001_0.png`);
  });

  test("takes its own images out of a folder that holds both sets", async () => {
    const folder = "Lung Segmentation/CXR_png";
    await writeMontgomeryMiniature(root, { folder, masks: "Lung Segmentation/masks" });
    await writeShenzhenMiniature(root, { folder });
    const [small, large] = [await indexOf(montgomery), await indexOf(shenzhen)];
    expect(small.examples.every(({ id }) => id.startsWith("MCUCXR"))).toBe(true);
    expect(large.examples.every(({ id }) => id.startsWith("CHNCXR"))).toBe(true);
    expect([small.examples.length, large.examples.length]).toEqual([24, 24]);
  });

  test.each<[string, () => Promise<void>, string, RegExp]>([
    [
      "a folder without the set",
      () => moveFolder("MontgomerySet/CXR_png", "elsewhere"),
      "dataset-layout",
      /No images of the Montgomery County set below .*, which holds MontgomerySet\/, elsewhere\//,
    ],
    [
      "two copies",
      () => writeMontgomeryMiniature(root, { folder: "CXR_png" }),
      "dataset-layout",
      /several folders of .*: CXR_png, MontgomerySet\/CXR_png\./,
    ],
    [
      "an image of another name",
      () => writeFileAt(root, "MontgomerySet/CXR_png/MCUCXR_0001.png", ""),
      "image-misplaced",
      /1 PNG file beside the images .* e\.g\. "MCUCXR_0001\.png"/,
    ],
    [
      "an unknown label",
      () => writeFileAt(root, "MontgomerySet/CXR_png/MCUCXR_0399_2.png", ""),
      "image-misplaced",
      /e\.g\. "MCUCXR_0399_2\.png"/,
    ],
    [
      "a number with two labels",
      () => writeFileAt(root, "MontgomerySet/CXR_png/MCUCXR_0001_1.png", ""),
      "image-twice",
      /MCUCXR_0001_0\.png and MCUCXR_0001_1\.png have the same number/,
    ],
  ])("refuses %s", async (_, spoil, code, message) => {
    await writeMontgomeryMiniature(root);
    await spoil();
    await expect(indexOf(montgomery)).rejects.toMatchObject({ code });
    await expect(montgomery.op.sourceFiles!(paramsFor())).rejects.toThrow(message);
  });

  test("names every fault where the set is only looked at", async () => {
    await writeMontgomeryMiniature(root);
    await writeFileAt(root, "MontgomerySet/CXR_png/MCUCXR_0001_1.png", "");
    await writeFileAt(root, "MontgomerySet/CXR_png/extra.png", "");
    await writeFileAt(root, "MontgomerySet/CXR_png/MCUCXR_0002_0.png", "no image");
    const { problems, unreadable, images, published } = await inspectDataset("montgomery", paramsFor(), {
      ...{ signal: new AbortController().signal, progress: () => undefined },
    });
    expect(problems.map(({ code }) => code)).toEqual(["image-misplaced", "image-twice"]);
    expect(unreadable.map(({ id }) => id)).toEqual(["MCUCXR_0002_0.png"]);
    expect(images.all).toBe(24);
    expect(published?.differences).toContainEqual(
      expect.objectContaining({ of: "images", split: "all", published: 138, found: 24 }),
    );
  });

  test("leaves out a damaged image on request, and says so", async () => {
    await writeMontgomeryMiniature(root);
    await writeFileAt(root, "MontgomerySet/CXR_png/MCUCXR_0002_0.png", "no image");
    const index = await indexOf(montgomery, { on_error: "skip" });
    expect(index.examples).toHaveLength(23);
    expect(index.notes?.at(-1)).toContain("Left out: 1 file that cannot be read (1 of val");
  });
});

async function writeNames(folder: string, prefix: string, numbers: readonly (readonly number[])[]): Promise<void> {
  for (const [label, ofClass] of numbers.entries()) {
    for (const number of ofClass) {
      const name = `${prefix}_${String(number).padStart(4, "0")}_${String(label)}.png`;
      await writeFileAt(root, `${folder}/${name}`, name);
    }
  }
}

async function moveFolder(from: string, to: string): Promise<void> {
  if (to === ".") {
    await rename(join(root, from), `${root}.moved`);
    await rm(root, { recursive: true });
    await rename(`${root}.moved`, root);
    return;
  }
  await mkdir(dirname(join(root, to)), { recursive: true });
  await rename(join(root, from), join(root, to));
}

async function indexOf({ op }: DatasetFormat, params: object = {}): Promise<DatasetIndex> {
  return (await op.run(contextFor(paramsFor(params)))) as DatasetIndex;
}

function paramsFor(params: object = {}): Readonly<Record<string, unknown>> {
  return { root: { path: root }, window: null, percentiles: null, on_error: "stop", ...params };
}
