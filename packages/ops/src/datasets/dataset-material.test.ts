import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { datasetCodec, type DatasetIndex } from "../artifacts/dataset.ts";
import { imageFolder } from "./image-folder.ts";
import { medmnist, openMedmnist } from "./medmnist.ts";
import { contextFor } from "../../../../tests/ops/dataset-testing.ts";

const material = fileURLToPath(new URL("../../../../../shared/material", import.meta.url));
if (!existsSync(material)) console.warn("SKIPPED: data sets on real files, for want of ../shared/material.");

describe.skipIf(!existsSync(material))("data sets on real files", () => {
  it("indexes PneumoniaMNIST as its publisher counts it", async () => {
    const params = { file: { path: `${material}/medmnist/pneumoniamnist.npz` }, classes: ["normal", "pneumonia"] };
    const index = (await medmnist.run(contextFor(params))) as DatasetIndex;
    expect(index.problem).toBe("binary");
    expect(countsOf(index)).toEqual({ train: 4708, val: 524, test: 624 });
    // 234 normal and 390 pneumonia images in the test split.
    expect(index.labels.values.subarray(-624).reduce((sum, label) => sum + label, 0)).toBe(390);
    expect(datasetCodec.decode(datasetCodec.encode(index))).toEqual(index);
    const reader = await openMedmnist(params);
    const image = await reader.readImage(index.examples.at(-1)!);
    expect([image.width, image.height, image.channels]).toEqual([28, 28, 1]);
    await reader.close();
  });

  it("indexes the brain tumour folders", async () => {
    const names = { train: ["Training"], val: ["Validation"], test: ["Testing"] };
    const params = { root: { path: `${material}/brain-tumor-mri` }, problem: "auto", classes: null, ...names };
    const index = (await imageFolder.op.run(contextFor(params))) as DatasetIndex;
    expect(index.problem).toBe("multi-class");
    expect(index.classNames).toEqual(["glioma_tumor", "meningioma_tumor", "no_tumor", "pituitary_tumor"]);
    const reader = await imageFolder.open(params);
    for (const example of index.examples.filter((_, position) => position % 60 === 0)) {
      expect((await reader.readImage(example)).width, example.id).toBeGreaterThan(100);
    }
    await reader.close();
  });
});

function countsOf({ splits }: DatasetIndex): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const split of splits) counts[split] = (counts[split] ?? 0) + 1;
  return counts;
}
