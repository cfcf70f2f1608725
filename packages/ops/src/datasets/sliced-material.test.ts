import { createHmac } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contextFor } from "../../../../tests/ops/dataset-testing.ts";
import { datasetCodec, type DatasetIndex } from "../artifacts/dataset.ts";
import type { DatasetFormat } from "./dataset-format.ts";
import { dicomFolder } from "./dicom-folder.ts";
import { listFilesBelow } from "./slice-files.ts";
import { niftiFolder } from "./nifti-folder.ts";

const material = fileURLToPath(new URL("../../../../../shared/material", import.meta.url));
const isAbsent = !existsSync(`${material}/dicom`) || !existsSync(`${material}/msd-hippocampus`);
if (isAbsent) console.warn("SKIPPED: DICOM and NIfTI folders on real files, for want of ../shared/material.");

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "exp-ops-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe.skipIf(isAbsent)("dicom_folder on real files", () => {
  it("takes what can be read of a folder of odd ones, and says how much was left out", async () => {
    const { files } = await listFilesBelow(`${material}/dicom`, (problem) => {
      throw problem;
    });
    // Two classes by turns, for want of real ones.
    const rows = files.map((file, row) => `${file},${row % 2 === 0 ? "a" : "b"},${row % 3 === 0 ? "test" : "train"}`);
    const table = await writeTable("dicom.csv", ["path,label,split", ...rows]);
    const params = { root: { path: `${material}/dicom` }, table, label: "label", split: "split" };
    const error = await indexOf(dicomFolder, params).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: "OpError", code: expect.stringMatching(/^(dicom|image)-/) as string });
    const index = await indexOf(dicomFolder, { ...params, on_error: "skip" });
    // pydicom 3.0 decodes the same but for three JPEG files that its plugins refuse: 58 files with 118 frames.
    expect(index.examples).toHaveLength(121);
    expect(new Set(index.examples.map(({ locator }) => locator.replace(/#\d+$/, ""))).size).toBe(61);
    expect(index.examples.filter(({ id }) => id.includes("rtdose.dcm#"))).toHaveLength(15);
    expect(index.notes).toEqual([
      "Without a patient, so that its study or series stands for one: 5 files.",
      "Without patient, study and series, so that each is counted as a patient: 3 files.",
      "Left out: 14 files that cannot be read (10 of train, 4 of test; 4 damaged, 1 of an unread format, 9 without pixels; on_error: skip).",
      // Besides those 14, five that are no DICOM by their names.
      "19 rows of dicom.csv match no file that can be read (on_error: skip).",
    ]);
    const text = Buffer.from(datasetCodec.encode(index)).toString("utf8");
    for (const secret of ["CompressedSamples", "JFK IMAGING", "1.3.6.1.4.1.5962"]) expect(text).not.toContain(secret);
    const reader = await dicomFolder.open(paramsFor(dicomFolder, params));
    for (const example of index.examples) {
      const { width, data } = await reader.readImage(example);
      expect(width, example.id).toBeGreaterThan(0);
      expect(data.length % width, example.id).toBe(0);
    }
    await reader.close();
  });
});

describe.skipIf(isAbsent)("nifti_folder on real files", () => {
  it("cuts the volumes of the hippocampus into slices", async () => {
    const root = `${material}/msd-hippocampus/images`;
    const files = (await readdir(root)).filter((name) => name.endsWith(".nii.gz")).sort();
    const rows = files.map((file, row) => `${file.replace(".nii.gz", "")},${row % 2 === 0 ? "left" : "right"}`);
    const table = await writeTable("hippocampus.csv", ["name,label", ...rows]);
    const params = { root: { path: root }, table, key: "name", label: "label", patient: "file" };
    const index = await indexOf(niftiFolder, params);
    // As many as nibabel counts along the third axis, once it has turned the volumes to RAS+.
    expect([files.length, index.examples.length]).toEqual([66, 2354]);
    expect((await indexOf(niftiFolder, { ...params, axis: "coronal" })).examples).toHaveLength(3295);
    expect(index.notes).toEqual([
      "Splits are by patients in even steps, since no column says them: 41 of train, 11 of val, 14 of test.",
    ]);
    expect(datasetCodec.decode(datasetCodec.encode(index))).toEqual(index);
    const reader = await niftiFolder.open(paramsFor(niftiFolder, params));
    const highest = new Map<string, number>();
    for (const example of index.examples) {
      const { data } = await reader.readImage(example);
      const values = data as Float32Array;
      const bag = example.bag!;
      highest.set(
        bag,
        values.reduce((most, value) => Math.max(most, value), highest.get(bag) ?? 0),
      );
      expect(
        values.every((value) => value >= 0 && value <= 1),
        example.id,
      ).toBe(true);
    }
    await reader.close();
    expect([...highest.values()]).toEqual(files.map(() => 1));
  });
});

async function writeTable(name: string, lines: readonly string[]): Promise<{ readonly path: string }> {
  const path = join(folder, name);
  await writeFile(path, `${lines.join("\n")}\n`);
  return { path };
}

async function indexOf(format: DatasetFormat, params: object): Promise<DatasetIndex> {
  const pseudonym = (text: string): string => createHmac("sha256", "key").update(text).digest("hex").slice(0, 24);
  return (await format.op.run({ ...contextFor(paramsFor(format, params)), pseudonym })) as DatasetIndex;
}

function paramsFor({ op }: DatasetFormat, params: object): Readonly<Record<string, unknown>> {
  const defaults = Object.entries(op.signature.params).flatMap(([name, spec]) =>
    "default" in spec ? [[name, spec.default] as const] : [],
  );
  return { ...Object.fromEntries(defaults), ...params };
}
