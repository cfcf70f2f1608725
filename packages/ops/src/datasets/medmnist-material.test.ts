import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { inspectDataset } from "./inspect-dataset.ts";

const material = fileURLToPath(new URL("../../../../../shared/material", import.meta.url));
if (!existsSync(material)) console.warn("SKIPPED: MedMNIST on a real file, for want of ../shared/material.");

describe.skipIf(!existsSync(material))("medmnist on a real file", () => {
  it("finds PneumoniaMNIST to be what was published, by its name alone", async () => {
    const params = { file: { path: `${material}/medmnist/pneumoniamnist.npz` }, classes: null };
    const quietly = { signal: new AbortController().signal, progress: () => undefined };
    const { classes, images, bags, published, sizes } = await inspectDataset("medmnist", params, quietly);
    expect(classes.map(({ name, positives }) => [name, positives.test])).toEqual([
      ["normal", 234],
      ["pneumonia", 390],
    ]);
    expect(images.all).toBe(5856);
    expect(bags).toBeNull();
    expect(published).toMatchObject({ name: "pneumoniamnist", differences: [] });
    expect(sizes?.largest).toEqual({ width: 28, height: 28 });
  });
});
