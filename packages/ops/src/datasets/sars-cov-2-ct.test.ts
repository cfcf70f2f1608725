import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { contextFor, createFolder } from "../../../../tests/ops/dataset-testing.ts";
import { writeSarsMiniature } from "../../../../tests/ops/miniatures/sars-cov-2-ct.ts";
import { writeFileAt } from "../../../../tests/ops/miniatures/write-file.ts";
import type { DatasetIndex } from "../artifacts/dataset.ts";
import { findBagFaults } from "../splits/find-bag-faults.ts";
import { findLeaks } from "../splits/find-leaks.ts";
import { countDistinct } from "./inspect-counts.ts";
import { inspectDataset } from "./inspect-dataset.ts";
import { sarsCov2Ct } from "./sars-cov-2-ct.ts";

let root: string;
beforeEach(async () => {
  root = await createFolder();
});
afterEach(() => rm(root, { recursive: true }));

describe("sars_cov_2_ct", () => {
  test("lists slices by patient, in the order of classes and of numbers", async () => {
    await writeSarsMiniature(root);
    const index = await indexOf();
    expect(index).toMatchObject({ problem: "binary", classNames: ["not Covid", "Covid"] });
    const ids = index.examples.map(({ id }) => id);
    expect(ids.slice(0, 7)).toEqual([
      ...["0", "1", "2", "3", "4", "5"].map((slice) => `Covid/Patient (1)/${slice}.png`),
      "Covid/Patient (2)/0.png",
    ]);
    const second = ids.filter((id) => id.startsWith("Covid/Patient (2)/"));
    expect(second).toEqual(Array.from({ length: 11 }, (_, slice) => `Covid/Patient (2)/${String(slice)}.png`));
    expect([...new Set(ids.map((id) => id.split("/")[0]))]).toEqual(["Covid", "Healthy", "Others"]);
    expect(index.examples[0]).toMatchObject({
      locator: "New_Data_CoV2/Covid/Patient (1)/0.png",
      group: "hash of Covid/Patient (1)",
      bag: "hash of Covid/Patient (1)",
    });
    expect([...index.labels.values]).toEqual(ids.map((id) => (id.startsWith("Covid") ? 1 : 0)));
    expect(index.notes).toEqual([
      "The split follows a rule over the patients, of which 21 are here and 210 are published: it is not the split of the published set.",
    ]);
  });

  test("tears no bag and no patient, and gives patients their shares", async () => {
    await writeSarsMiniature(root);
    const index = await indexOf();
    expect(findBagFaults(index)).toEqual([]);
    expect(findLeaks(index).leaks).toEqual([]);
    expect(patientsOf(index)).toEqual({ train: 9, val: 5, test: 7, all: 21 });
    const tested = index.examples.flatMap(({ group }, row) => (index.splits[row] === "test" ? [group] : []));
    expect([...new Set(tested)]).toEqual([
      ...["Covid/Patient (1)", "Covid/Patient (4)", "Covid/Patient (7)"].map((name) => `hash of ${name}`),
      ...["Healthy/Patient (2)", "Healthy/Patient (5)"].map((name) => `hash of ${name}`),
      ...["Others/Patient (3)", "Others/Patient (6)"].map((name) => `hash of ${name}`),
    ]);
  });

  test("has the study's counts in each class at the published size", async () => {
    await writeBareFolders([80, 50, 80]);
    const index = await indexOf();
    expect(patientsOf(index)).toEqual({ train: 90, val: 50, test: 70, all: 210 });
    const inClass = (name: string) =>
      ["train", "val", "test"].map(
        (split) => index.examples.filter(({ id }, row) => id.startsWith(name) && index.splits[row] === split).length,
      );
    expect(["Covid", "Healthy", "Others"].map(inClass)).toEqual([
      [34, 19, 27],
      [21, 12, 17],
      [35, 19, 26],
    ]);
    expect(index).not.toHaveProperty("notes");
    const within = await indexOf({ split: "within_classes" });
    expect(patientsOf(within)).toEqual({ train: 89, val: 50, test: 71, all: 210 });
    expect(within.splits.slice(80, 84)).toEqual(["test", "val", "train", "test"]);
  });

  test("tells three classes apart on request", async () => {
    await writeSarsMiniature(root, { patients: [1, 2, 1] });
    const index = await indexOf({ classes: "three" });
    expect(index).toMatchObject({ problem: "multi-class", classNames: ["Covid", "Healthy", "Others"] });
    expect([...new Set(index.labels.values)]).toEqual([0, 1, 2]);
  });

  test("is the same set without the outer folder, but for where the images lie", async () => {
    await writeSarsMiniature(root, { patients: [2, 2, 2] });
    const wrapped = await indexOf();
    for (const name of ["Covid", "Healthy", "Others"])
      await rename(join(root, "New_Data_CoV2", name), join(root, name));
    const bare = await indexOf();
    expect(bare.examples.map(({ id, digest }) => [id, digest])).toEqual(
      wrapped.examples.map(({ id, digest }) => [id, digest]),
    );
    expect(bare.splits).toEqual(wrapped.splits);
    expect(bare.examples[0]?.locator).toBe("Covid/Patient (1)/0.png");
  });

  test("reads slices of three and of four channels as RGB", async () => {
    await writeSarsMiniature(root, { patients: [1, 1, 1] });
    const index = await indexOf();
    const reader = await sarsCov2Ct.open(paramsFor());
    for (const example of index.examples.slice(0, 2)) {
      const { channels, data, width, height } = await reader.readImage(example);
      expect(channels).toBe(3);
      expect(data).toHaveLength(3 * width * height);
      expect(data[0]).toBe(data[1]);
    }
    await reader.close();
  });

  test("stops at a slice that is cut short, or leaves it out and says so", async () => {
    await writeSarsMiniature(root, { patients: [2, 2, 2] });
    await writeFileAt(root, "New_Data_CoV2/Covid/Patient (1)/3.png", "no image");
    const reader = await sarsCov2Ct.open(paramsFor());
    await expect(reader.readImage((await indexOf()).examples[3]!)).rejects.toMatchObject({ code: "image-unsupported" });
    await reader.close();
    const index = await indexOf({ on_error: "skip" });
    expect(index.examples.map(({ id }) => id)).not.toContain("Covid/Patient (1)/3.png");
    expect(index.notes?.at(-1)).toMatch(/^Left out: 1 file that cannot be read \(1 of \w+; 1 of an unread format/);
    const inspection = await inspectDataset("sars_cov_2_ct", paramsFor(), quietly);
    expect(inspection.unreadable.map(({ id }) => id)).toEqual(["Covid/Patient (1)/3.png"]);
    expect(inspection.published?.differences[0]).toMatchObject({ of: "images", split: "all", published: 4171 });
  });

  test.each<[string, () => Promise<void>, string, RegExp]>([
    [
      "a class folder that is missing",
      () => rm(join(root, "New_Data_CoV2/Others"), { recursive: true }),
      "dataset-layout",
      /No folders Covid, Healthy and Others below .*, which holds New_Data_CoV2\//,
    ],
    [
      "a patient without slices",
      () => mkdir(join(root, "New_Data_CoV2/Covid/Patient (9)")),
      "patient-folder-empty",
      /New_Data_CoV2\/Covid\/Patient \(9\) holds no PNG slice/,
    ],
    [
      "a slice of no patient",
      () => writeFile(join(root, "New_Data_CoV2/Covid/7.png"), ""),
      "image-misplaced",
      /1 images lie in the class folder New_Data_CoV2\/Covid itself, e\.g\. 7\.png/,
    ],
    ["two copies", () => writeBareFolders([1, 1, 1]), "dataset-layout", /twice/],
  ])("refuses %s", async (_, spoil, code, message) => {
    await writeSarsMiniature(root, { patients: [1, 1, 1] });
    await spoil();
    await expect(indexOf()).rejects.toMatchObject({ code });
    await expect(sarsCov2Ct.op.sourceFiles!(paramsFor())).rejects.toThrow(message);
  });

  test("knows the other set of the same authors, which has no patients", async () => {
    await writeFileAt(root, "COVID/Covid (1).png", "");
    await writeFileAt(root, "non-COVID/Non-Covid (1).png", "");
    await expect(indexOf()).rejects.toMatchObject({
      code: "dataset-layout",
      hint: expect.stringContaining("names no patients") as string,
    });
  });
});

const quietly = { signal: new AbortController().signal, progress: () => undefined };

function patientsOf({ examples, splits }: DatasetIndex): ReturnType<typeof countDistinct> {
  return countDistinct(
    examples.map(({ group }) => group),
    splits,
  );
}

/** One slice a patient that is no image, which listing does not mind. */
async function writeBareFolders(patients: readonly [number, number, number]): Promise<void> {
  for (const [place, className] of ["Covid", "Healthy", "Others"].entries()) {
    for (let patient = 1; patient <= patients[place]!; patient++) {
      await writeFileAt(root, `${className}/${String(patient)}/1.png`, `${className} ${String(patient)}`);
    }
  }
}

async function indexOf(params: object = {}): Promise<DatasetIndex> {
  return (await sarsCov2Ct.op.run(contextFor(paramsFor(params)))) as DatasetIndex;
}

function paramsFor(params: object = {}): Readonly<Record<string, unknown>> {
  const defaults = { classes: "binary", split: "study", window: null, percentiles: null, on_error: "stop" };
  return { ...defaults, root: { path: root }, ...params };
}
