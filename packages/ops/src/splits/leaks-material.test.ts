import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { contextFor } from "../../../../tests/ops/dataset-testing.ts";
import { runSingleOp } from "../../../../tests/ops/run-single-op.ts";
import type { AuditedIndex } from "../artifacts/audited.ts";
import type { DatasetIndex } from "../artifacts/dataset.ts";
import { imageFolder } from "../datasets/image-folder.ts";
import { medmnist } from "../datasets/medmnist.ts";
import { audit } from "./audit.ts";
import { findLeaks } from "./find-leaks.ts";

const material = fileURLToPath(new URL("../../../../../shared/material", import.meta.url));
if (!existsSync(material)) console.warn("SKIPPED: leaks of real data sets, for want of ../shared/material.");

describe.skipIf(!existsSync(material))("leaks of real data sets", () => {
  it("finds the images that PneumoniaMNIST has in training and in validation", async () => {
    const file = { path: `${material}/medmnist/pneumoniamnist.npz` };
    const index = (await medmnist.run(contextFor({ file, classes: ["normal", "pneumonia"] }))) as DatasetIndex;
    const { leaks, repeats } = findLeaks(index);
    expect(leaks.map(({ examples: _, ...leak }) => leak)).toEqual([
      { kind: "image", earlier: "train", later: "val", shared: 8, inEarlier: 10, inLater: 8, contradictions: 0 },
    ]);
    // Of 5,856 images 5,827 differ; beside the 8, 21 are copies of an image of their own split.
    expect(repeats.map(({ split, shared, images }) => [split, shared, images])).toEqual([
      ["train", 18, 36],
      ["test", 3, 6],
    ]);
    await expect(auditOf(index)).rejects.toMatchObject({ code: "leak" });
    const audited = await auditOf(index, { leaks: "drop" });
    expect(audited.examples).toHaveLength(5846);
    expect(audited.notes).toEqual([
      "Leaks: 10 images of train that val has too, byte for byte, were left out of train (leaks: drop).",
    ]);
  });

  it("finds the files that the brain tumours have in training and in test", async () => {
    const names = { train: ["Training"], val: ["Validation"], test: ["Testing"] };
    const params = { root: { path: `${material}/brain-tumor-mri` }, problem: "auto", classes: null, ...names };
    const index = (await imageFolder.op.run(contextFor(params))) as DatasetIndex;
    const { leaks, repeats } = findLeaks(index);
    // 54 images are there more than once: 30 of them in both splits, 24 in one.
    expect(leaks.map(({ examples: _, ...leak }) => leak)).toEqual([
      { kind: "image", earlier: "train", later: "test", shared: 30, inEarlier: 42, inLater: 49, contradictions: 0 },
    ]);
    expect(repeats.map(({ split, shared, contradictions }) => [split, shared, contradictions])).toEqual([
      ["train", 17, 0],
      ["test", 26, 0],
    ]);
    const audited = await auditOf(index, { leaks: "drop" });
    expect(findLeaks(audited).leaks).toEqual([]);
    expect(index.examples.length - audited.examples.length).toBe(42);
  });
});

function auditOf(index: DatasetIndex, params: Readonly<Record<string, unknown>> = {}): Promise<AuditedIndex> {
  return runSingleOp(audit, "audited", { params, inputs: { dataset: index } });
}
