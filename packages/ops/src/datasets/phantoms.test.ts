import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { contextFor } from "../../../../tests/ops/dataset-testing.ts";
import type { DatasetIndex } from "../artifacts/dataset.ts";
import { drawPhantom } from "./draw-phantom.ts";
import { openPhantoms, phantoms } from "./phantoms.ts";

const params = { train: 6, val: 2, test: 4, size: 32, contrast: 80, noise: 10, variation: 1, seed: 0 };

describe("phantoms", () => {
  it("gives every second image a lesion, in all splits", async () => {
    const index = await indexOf();
    expect(index).toMatchObject({ problem: "binary", classNames: ["healthy", "lesion"] });
    expect([...index.labels.values]).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
    expect(index.splits.filter((split) => split === "test").length).toBe(4);
    expect(index.examples[8]?.id).toBe("test[0]");
    expect(new Set(index.examples.map((example) => example.digest)).size).toBe(12);
  });

  it("keeps its images when it grows, and changes all of them with the seed", async () => {
    const digests = (await indexOf()).examples.map((example) => example.digest);
    const grown = (await indexOf({ train: 8 })).examples.map((example) => example.digest);
    expect(digests.every((digest) => grown.includes(digest))).toBe(true);
    const others = (await indexOf({ seed: 1 })).examples.map((example) => example.digest);
    expect(digests.some((digest) => others.includes(digest))).toBe(false);
  });

  it("refuses to be empty, and stops when it is told to", async () => {
    await expect(indexOf({ train: 0, val: 0, test: 0 })).rejects.toThrow("are all 0");
    const context = { ...contextFor(params), signal: AbortSignal.abort() };
    await expect(phantoms.run(context)).rejects.toThrow(/abort/);
  });
});

describe("openPhantoms", () => {
  it("draws the images that were indexed, and no others", async () => {
    const index = await indexOf();
    const reader = await openPhantoms(params);
    const image = await reader.readImage(index.examples[1]!);
    expect(image).toEqual(drawPhantom(params, { split: "train", index: 1, hasLesion: true }));
    const other = await openPhantoms({ ...params, noise: 11 });
    await expect(other.readImage(index.examples[1]!)).rejects.toMatchObject({ code: "image-changed" });
  });
});

describe("drawPhantom", () => {
  it("draws the same bytes from release to release", () => {
    const { data } = drawPhantom(
      { size: 24, contrast: 80, noise: 10, variation: 1, seed: 5 },
      { split: "train", index: 1, hasLesion: true },
    );
    expect(createHash("sha256").update(data).digest("hex")).toBe(
      "4f894fb0fe9054682ee3d1fb3636178b4790e1be6836d12ff896547bd81d1106",
    );
  });

  it("draws equal bodies where nothing may vary", () => {
    const settings = { size: 32, contrast: 80, noise: 0, variation: 0, seed: 0 };
    const healthy = [0, 2].map((index) => drawPhantom(settings, { split: "test", index, hasLesion: false }));
    const ill = [1, 3].map((index) => drawPhantom(settings, { split: "test", index, hasLesion: true }));
    expect(healthy[0]).toEqual(healthy[1]);
    expect(ill[0]).not.toEqual(ill[1]);
  });

  it("adds to the healthy image one bright round spot, about as high as the contrast, and nothing else", () => {
    const settings = { size: 64, contrast: 60, noise: 0, variation: 1, seed: 0 };
    for (let index = 0; index < 20; index++) {
      const healthy = drawPhantom(settings, { split: "train", index, hasLesion: false }).data;
      const ill = drawPhantom(settings, { split: "train", index, hasLesion: true }).data;
      const differences = Array.from(ill, (value, pixel) => value - (healthy[pixel] ?? 0));
      const touched = differences.filter((difference) => difference !== 0).length;
      const highest = Math.max(...differences);
      expect(Math.min(...differences)).toBe(0);
      expect(highest).toBeGreaterThan(60 * 0.75 - 6);
      expect(highest).toBeLessThanOrEqual(60 * 1.25 + 1);
      // A disc of radius 0.13 to 0.22 in an image from -1 to 1.
      expect(touched / 64 ** 2).toBeGreaterThan((Math.PI * 0.13 ** 2) / 4 / 1.5);
      expect(touched / 64 ** 2).toBeLessThan((Math.PI * 0.22 ** 2) / 4);
    }
  });
});

async function indexOf(changes: object = {}): Promise<DatasetIndex> {
  return (await phantoms.run(contextFor({ ...params, ...changes }))) as DatasetIndex;
}
