import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { contextFor, createFolder } from "../../../../tests/ops/dataset-testing.ts";
import { encodeTumorFile, writeBrainTumorMiniature } from "../../../../tests/ops/miniatures/brain-tumor.ts";
import { writeFileAt } from "../../../../tests/ops/miniatures/write-file.ts";
import type { DatasetIndex } from "../artifacts/dataset.ts";
import { findLeaks } from "../splits/find-leaks.ts";
import { brainTumor } from "./brain-tumor.ts";
import { share, splitByPlace } from "./evenly-spaced.ts";
import { countDistinct } from "./inspect-counts.ts";
import { inspectDataset } from "./inspect-dataset.ts";

let root: string;
beforeEach(async () => {
  root = await createFolder();
});
afterEach(() => rm(root, { recursive: true }));

describe("brain_tumor", () => {
  test("takes labels and patients from the files, in the order of their numbers", async () => {
    await writeBrainTumorMiniature(root);
    const index = await indexOf();
    expect(index).toMatchObject({ problem: "multi-class", classNames: ["meningioma", "glioma", "pituitary"] });
    expect(index.examples.map(({ id }) => id)).toEqual(
      Array.from({ length: index.examples.length }, (_, place) => `${String(place + 1)}.mat`),
    );
    expect(index.examples[0]).toMatchObject({
      locator: "brainTumorDataPublic_1-766/1.mat",
      group: "hash of 100360",
    });
    // The last slice is of the first patient again.
    expect(index.examples.at(-1)).toMatchObject({
      locator: expect.stringMatching(/^bt_set4\//) as string,
      group: "hash of 100360",
    });
    const repeat = (label: number, times: number) => new Array<number>(times).fill(label);
    expect([...index.labels.values]).toEqual([...repeat(0, 11), ...repeat(1, 12), ...repeat(2, 10), 0]);
    expect(index.notes).toEqual([expect.stringContaining("of which 14 are here and 233 are published")]);
  });

  test("splits by patients in the order of their first files", async () => {
    await writeBrainTumorMiniature(root);
    const index = await indexOf();
    expect(findLeaks(index).leaks).toEqual([]);
    const patients = [...new Set(index.examples.map(({ group }) => group))];
    const splitsOfPatients = patients.map(
      (patient) => index.splits[index.examples.findIndex(({ group }) => group === patient)],
    );
    // Of 14: test 4.2, every 3.5th; of the other 10 val 3.07, every 3.33rd.
    expect(splitsOfPatients.flatMap((split, place) => (split === "test" ? [place] : []))).toEqual([0, 4, 7, 10]);
    expect(splitsOfPatients.flatMap((split, place) => (split === "val" ? [place] : []))).toEqual([1, 5, 11]);
  });

  test("has the study's counts at the published size", () => {
    const splits = splitByPlace(233, { test: share(70, 233), val: share(50, 163) });
    expect(
      countDistinct(
        splits.map((_, place) => String(place)),
        splits,
      ),
    ).toEqual(brainTumor.published!(paramsFor())?.patients);
  });

  test("is the same set whatever the folders are called", async () => {
    await writeBrainTumorMiniature(root, { patients: 6 });
    const first = await indexOf();
    await mkdir(join(root, "1512427"));
    await rename(join(root, "bt_set4"), join(root, "1512427/train"));
    const moved = await indexOf();
    await rm(root, { recursive: true });
    await writeBrainTumorMiniature(root, { patients: 6, layout: "flat" });
    const flat = await indexOf();
    for (const other of [moved, flat]) {
      expect({ ...other, examples: other.examples.map(({ locator: _, ...each }) => each) }).toEqual({
        ...first,
        examples: first.examples.map(({ locator: _, ...each }) => each),
      });
    }
    expect(flat.examples[0]?.locator).toBe("1.mat");
  });

  test("is asked about other images by every parameter that changes them", async () => {
    await writeBrainTumorMiniature(root, { patients: 3, layout: "flat" });
    const readings = [
      {},
      { orientation: "stored" },
      { low_values: "zero" },
      { orientation: "stored", low_values: "zero" },
      { percentiles: [1, 99] },
      { window: [0, 900] },
      { window: [0, 900], low_values: "zero" },
    ];
    const digests = await Promise.all(readings.map(async (params) => (await indexOf(params)).examples[0]!.digest));
    const file = createHash("sha256")
      .update(await readFile(join(root, "1.mat")))
      .digest("hex");
    expect(new Set([file, ...digests]).size).toBe(8);
  });

  test.each<[string, () => Promise<void>, string, RegExp]>([
    [
      "a folder without files, such as archives that are still packed",
      () => writeFileAt(root, "brainTumorDataPublic_1-766.zip", ""),
      "dataset-layout",
      /No files 1\.mat to 3064\.mat below .*, which holds brainTumorDataPublic_1-766\.zip/,
    ],
    [
      "a number twice",
      async () => {
        await writeFileAt(root, "a/1.mat", "");
        await writeFileAt(root, "b/1.mat", "");
      },
      "image-twice",
      /1\.mat lies both at a\/1\.mat and at b\/1\.mat/,
    ],
    ["a file that is none of MATLAB's", () => writeFileAt(root, "1.mat", "<html>"), "hdf5-unsupported", /^1\.mat/],
    [
      "a label that is none",
      async () => writeFileAt(root, "1.mat", await encodeTumorFile({ ...content, label: 4 })),
      "tumor-record",
      /^1\.mat cannot be used: its cjdata\/label is not 1, 2 or 3\.$/,
    ],
    [
      "a file without a patient",
      async () => writeFileAt(root, "1.mat", await encodeTumorFile({ ...content, patient: "\0" })),
      "tumor-record",
      /its cjdata\/PID is empty/,
    ],
  ])("refuses %s", async (_, write, code, message) => {
    await write();
    await expect(indexOf()).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
  });

  test("names its files without opening any, and on request which of them cannot be read", async () => {
    await writeFileAt(root, "b/2.mat", "of no format");
    await writeFileAt(root, "a/10.mat", "");
    await symlink(join(root, "nowhere"), join(root, "3.mat"));
    const listed = async (params: object) =>
      (await brainTumor.op.sourceFiles!(paramsFor(params))).map(({ name, isUnreadable }) =>
        isUnreadable === true ? `no ${name}` : name,
      );
    expect(await listed({})).toEqual(["b/2.mat", "3.mat", "a/10.mat"]);
    expect(await listed({ on_error: "skip" })).toEqual(["b/2.mat", "no 3.mat", "a/10.mat"]);
  });

  test("leaves out what cannot be read on request, and says so", async () => {
    await writeBrainTumorMiniature(root, { patients: 6, layout: "flat" });
    const whole = await indexOf();
    const cut = (await readFile(join(root, "3.mat"))).subarray(0, 900);
    await writeFileAt(root, "3.mat", cut);
    await expect(indexOf()).rejects.toMatchObject({ code: "hdf5-damaged" });
    const index = await indexOf({ on_error: "skip" });
    expect(index.examples.map(({ id }) => id)).toEqual(
      whole.examples.map(({ id }) => id).filter((id) => id !== "3.mat"),
    );
    expect(index.notes?.[1]).toBe("Left out: 1 file whose label and patient cannot be read (on_error: skip).");
    const quietly = { signal: new AbortController().signal, progress: () => undefined };
    const { problems, images } = await inspectDataset("brain_tumor", paramsFor(), quietly);
    expect(problems.map(({ code, message }) => [code, message.slice(0, 5)])).toEqual([["hdf5-damaged", "3.mat"]]);
    expect(images.all).toBe(whole.examples.length - 1);
    for (const { id } of whole.examples) await writeFileAt(root, id, "");
    await expect(indexOf({ on_error: "skip" })).rejects.toMatchObject({ code: "dataset-empty" });
  });
});

describe("brain_tumor's images, as NumPy reads them", () => {
  const fixture = new URL("../../../../tests/ops/reference/brain_tumor.json", import.meta.url);
  const cases = JSON.parse(readFileSync(fixture, "utf8")) as readonly TumorCase[];

  test.each(cases)("$name", async ({ base64, label, patient, image, clip, zero }) => {
    await writeFileAt(root, "1.mat", Buffer.from(base64, "base64"));
    const index = await indexOf();
    expect(index.labels.values[0]).toBe(label - 1);
    expect(index.examples[0]?.group).toBe(`hash of ${patient}`);
    const [rows, columns] = [image.length, image[0]!.length];
    expectNear(await readOne({}), { width: columns, height: rows, data: clip.flat() });
    expectNear(await readOne({ low_values: "zero" }), { width: columns, height: rows, data: zero.flat() });
    const turned = Array.from({ length: columns }, (_, column) => zero.map((row) => row[column]!));
    const stored = await readOne({ low_values: "zero", orientation: "stored" });
    expectNear(stored, { width: rows, height: columns, data: turned.flat() });
    const all = image.flat();
    const [least, greatest] = [Math.min(...all), Math.max(...all)];
    expectNear(await readOne({ window: [least, greatest] }), {
      ...{ width: columns, height: rows },
      data: all.map((value) => (value - least) / (greatest - least)),
    });
  });

  test("an image of one value is black", async () => {
    await writeFileAt(root, "1.mat", await encodeTumorFile({ ...content, greys: new Uint8Array(12).fill(7) }));
    for (const lowValues of ["clip", "zero"]) {
      expect((await readOne({ low_values: lowValues })).data).toEqual(new Float32Array(12));
    }
  });
});

interface TumorCase {
  readonly name: string;
  readonly base64: string;
  readonly label: number;
  readonly patient: string;
  readonly image: readonly (readonly number[])[];
  /** 0 to 1. */
  readonly clip: readonly (readonly number[])[];
  readonly zero: readonly (readonly number[])[];
}

const content = { greys: new Uint8Array(12), width: 4, height: 3, label: 1, patient: "100360" };

interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: ArrayLike<number>;
}

function expectNear(found: Pixels, expected: Pixels): void {
  expect([found.width, found.height]).toEqual([expected.width, expected.height]);
  expect(found.data).toHaveLength(expected.data.length);
  for (let place = 0; place < expected.data.length; place++) {
    expect(found.data[place]).toBeCloseTo(expected.data[place]!, 6);
  }
}

async function readOne(params: object): Promise<Pixels> {
  const reader = await brainTumor.open(paramsFor(params));
  const image = await reader.readImage((await indexOf(params)).examples[0]!);
  await reader.close();
  expect(image.channels).toBe(1);
  return image;
}

async function indexOf(params: object = {}): Promise<DatasetIndex> {
  return (await brainTumor.op.run(contextFor(paramsFor(params)))) as DatasetIndex;
}

function paramsFor(params: object = {}): Readonly<Record<string, unknown>> {
  const defaults = { orientation: "upright", low_values: "clip", window: null, percentiles: null, on_error: "stop" };
  return { ...defaults, root: { path: root }, ...params };
}
