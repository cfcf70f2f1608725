import { describe, expect, it } from "vitest";
import type { Preprocessing } from "../artifacts/backbone.ts";
import type { Example } from "../artifacts/examples.ts";
import type { DatasetReader } from "../datasets/dataset-reader.ts";
import { createImageReading } from "./image-reading.ts";

const preprocessing: Preprocessing = {
  input: "pixels",
  imageSize: 2,
  resizeTo: 2,
  resample: "pillow_bilinear",
  fit: "squash",
  mean: [0, 0, 0],
  deviation: [1, 1, 1],
};

describe("createImageReading", () => {
  it("reads an image once for all its views, by the image's own digest", async () => {
    const { reader, read } = recordingReader();
    const readImage = createImageReading(reader, preprocessing);
    const images = await Promise.all([0, 1, 2].map((index) => readImage(viewOf("a", index))));
    expect(read).toEqual([{ id: "a", digest: "a", locator: "a", group: null }]);
    expect(images[1]).toBe(images[0]);
    await readImage(viewOf("b", 0));
    await readImage(viewOf("a", 3));
    expect(read.map(({ digest }) => digest)).toEqual(["a", "b"]);
  });

  it("lets images go that others have followed", async () => {
    const { reader, read } = recordingReader();
    const readImage = createImageReading(reader, preprocessing);
    for (const name of ["a", "b", "c", "d", "e", "a"]) await readImage(viewOf(name, 0));
    expect(read.map(({ digest }) => digest).join("")).toBe("abcdea");
  });

  it("keeps no image that has no views", async () => {
    const { reader, read } = recordingReader();
    const readImage = createImageReading(reader, preprocessing);
    const example: Example = { id: "a", digest: "a", locator: "a", group: null };
    await readImage(example);
    await readImage(example);
    expect(read).toEqual([example, example]);
  });
});

function viewOf(name: string, index: number): Example {
  const view = { of: name, index, recipe: { operations: ["rotation"], seed: 0, stored: true } };
  return { id: name, digest: `${name} ${String(index)}`, locator: name, group: null, view };
}

function recordingReader(): { readonly reader: DatasetReader; readonly read: Example[] } {
  const read: Example[] = [];
  const reader: DatasetReader = {
    readImage: (example) => {
      read.push(example);
      return Promise.resolve({ width: 2, height: 2, channels: 1, data: new Uint8Array(4) });
    },
    close: () => Promise.resolve(),
  };
  return { reader, read };
}
