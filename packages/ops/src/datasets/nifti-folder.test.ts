import { createHash, createHmac } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { contextFor, createFolder } from "../../../../tests/ops/dataset-testing.ts";
import { niftiBytes, writeNiftiMiniature } from "../../../../tests/ops/miniatures/nifti-folder.ts";
import { datasetCodec, type DatasetIndex } from "../artifacts/dataset.ts";
import { inspectDataset } from "./inspect-dataset.ts";
import { niftiFolder } from "./nifti-folder.ts";

let root: string;
beforeEach(async () => {
  root = await createFolder();
});
afterEach(() => rm(root, { recursive: true }));

const byTable = { key: "name", label: "label", split: "split" };

describe("nifti_folder with a table", () => {
  it("makes every slice an image and every volume a bag, and takes a file's name for its patient", async () => {
    const volumes = await writeNiftiMiniature(root);
    const index = await indexOf(byTable);
    expect(index).toMatchObject({ problem: "binary", classNames: ["ill", "well"] });
    const sorted = [...volumes].sort((a, b) => (a.file < b.file ? -1 : 1));
    expect(index.examples.map(({ id }) => id)).toEqual(
      sorted.flatMap(({ file }) => [0, 1, 2, 3, 4, 5].map((slice) => `${file}#axial 00${slice}`)),
    );
    expect(index.examples.map(({ group, bag }) => [group, bag])).toEqual(
      sorted.flatMap(({ file, name }) => Array<unknown>(6).fill([pseudonym(name), pseudonym(file)])),
    );
    expect(index.splits).toEqual(sorted.flatMap(({ split }) => Array<string>(6).fill(split)));
    expect([...index.labels.values]).toEqual(
      sorted.flatMap(({ label }) => Array<number>(6).fill(index.classNames.indexOf(label))),
    );
    expect(await indexOf({ ...byTable, key: "path" })).toEqual(index);
    const sources = await niftiFolder.op.sourceFiles?.(paramsFor(byTable));
    expect(sources?.map(({ name }) => name)).toEqual(sorted.map(({ file }) => file));
  });

  it("takes patients from a column, and splits by them where no column says splits", async () => {
    await writeNiftiMiniature(root);
    await renameSplits();
    const index = await indexOf({ ...byTable, group: "patient", split: null, every: 6 });
    expect(index.examples[0]?.group).toBe(pseudonym("Geheim scan_001"));
    expect(index.splits).toEqual([
      "test",
      "val",
      "train",
      "train",
      "train",
      "test",
      "train",
      "val",
      "train",
      "train",
      "test",
      "train",
    ]);
  });

  it("gives images of their own where no bags are wanted", async () => {
    await writeNiftiMiniature(root, { volumes: 8 });
    const index = await indexOf({ ...byTable, bag: "none" });
    expect(index.examples.every(({ bag }) => bag === undefined)).toBe(true);
  });
});

describe("nifti_folder with folders", () => {
  it("takes the folder below the class for the patient", async () => {
    const volumes = await writeNiftiMiniature(root, { layout: "folders" });
    const index = await indexOf({ table: null, patient: "folder", every: 6 });
    expect(new Set(index.examples.map(({ group }) => group))).toEqual(
      new Set(volumes.map(({ name }) => pseudonym(name))),
    );
    for (const [row, { locator }] of index.examples.entries()) {
      const volume = volumes.find(({ file }) => locator.startsWith(`${file}#`))!;
      expect([index.classNames[index.labels.values[row]!], index.splits[row]]).toEqual([volume.label, volume.split]);
    }
    // Called `scan` all of them.
    const byFile = await indexOf({ table: null });
    expect(new Set(byFile.examples.map(({ group }) => group)).size).toBe(1);
    await write("test/ill/alone.nii", volume([4, 3, 2]));
    await expect(indexOf({ table: null, patient: "folder" })).rejects.toThrow(
      "test/ill/alone.nii lies in no folder that could stand for a patient.",
    );
  });
});

describe("the slices of nifti_folder", () => {
  /** Voxel x, y, z is 100 z + 10 y + x. */
  const shape = [4, 3, 5] as const;
  const values = Int16Array.from({ length: 60 }, (_, at) => {
    return 100 * Math.floor(at / 12) + 10 * (Math.floor(at / 4) % 3) + (at % 4);
  });
  beforeEach(async () => {
    await write("a.nii.gz", niftiBytes({ shape, values, isPacked: true }));
    await write("b.nii", niftiBytes({ shape, values: values.map((value) => value + 1) }));
    await writeTable("name,label,split", "a,x,train", "b,y,test");
  });

  it.each([
    ["axial", 1, [0, 1, 2, 3, 4], [4, 3], (x: number, y: number, index: number) => 100 * index + 10 * (2 - y) + 3 - x],
    ["axial", 2, [0, 2, 4], [4, 3], (x: number, y: number, index: number) => 100 * index + 10 * (2 - y) + 3 - x],
    ["coronal", 1, [0, 1, 2], [4, 5], (x: number, y: number, index: number) => 100 * (4 - y) + 10 * index + 3 - x],
    ["coronal", 3, [0], [4, 5], (x: number, y: number, index: number) => 100 * (4 - y) + 10 * index + 3 - x],
    ["sagittal", 3, [0, 3], [3, 5], (x: number, y: number, index: number) => 100 * (4 - y) + 10 * (2 - x) + index],
  ])("are upright: %s, each %i", async (axis, every, indices, [width, height], voxel) => {
    const params = { ...byTable, axis, every, window: [0, 1000] };
    const index = await indexOf(params);
    const images = index.examples.slice(0, indices.length);
    expect(images.map(({ id }) => id)).toEqual(indices.map((each) => `a.nii.gz#${axis} 00${each}`));
    expect(index.examples).toHaveLength(2 * indices.length);
    const reader = await niftiFolder.open(paramsFor(params));
    for (const [at, example] of images.entries()) {
      const pixels = Array.from({ length: width! * height! }, (_, pixel) =>
        Math.fround(voxel(pixel % width!, Math.floor(pixel / width!), indices[at]!) / 1000),
      );
      const image = await reader.readImage(example);
      expect([image.width, image.height, image.channels]).toEqual([width, height, 1]);
      expect([...image.data]).toEqual(pixels);
    }
    await reader.close();
  });

  it("are shown between the volume's lowest and highest value, so that slices can be compared, or by their own percentiles", async () => {
    const whole = await readFirst({});
    expect(whole[0]).toBe(Math.fround(23 / 423));
    const ofSlice = await readFirst({ percentiles: [0, 100] });
    expect([ofSlice[0], ofSlice.at(-1)]).toEqual([1, 0]);
  });

  it("have digests of their file, axis, index, frame and window", async () => {
    const file = sha256(await readFile(join(root, "a.nii.gz")));
    const digests = async (more: object): Promise<readonly string[]> =>
      (await indexOf({ ...byTable, ...more })).examples.map(({ digest }) => digest);
    expect((await digests({}))[3]).toBe(sha256(`exp.nifti-slice.1\n${file}\naxial 3 0\n\n`));
    expect((await digests({ axis: "coronal", percentiles: [5, 95] }))[1]).toBe(
      sha256(`exp.nifti-slice.1\n${file}\ncoronal 1 0\npercentiles 5 95\n`),
    );
    expect(
      new Set([...(await digests({})), ...(await digests({ axis: "coronal" })), ...(await digests({ window: [0, 1] }))])
        .size,
    ).toBe(26);
    // The same slice of the same file is the same image, however many of its neighbours are taken.
    expect((await digests({ every: 2 }))[1]).toBe((await digests({}))[2]);
  });

  it("are of the frame that is asked for", async () => {
    const frames = Int16Array.from({ length: 24 }, (_, at) => at);
    await write("b.nii", niftiBytes({ shape: [2, 2, 2, 3], values: frames }));
    await expect(indexOf(byTable)).rejects.toMatchObject({
      code: "image-many-frames",
      message: "b.nii has 3 time points or channels, where one volume is expected.",
    });
    await expect(indexOf({ ...byTable, frame: 1 })).rejects.toThrow("a.nii.gz has no frame 1");
    await write(
      "a.nii.gz",
      niftiBytes({ shape: [2, 2, 2, 3], values: frames.map((value) => 10 * value), isPacked: true }),
    );
    expect(await readFirst({ frame: 1 })).toEqual([3, 2, 1, 0].map((value) => Math.fround(value / 7)));
    const frame = async (number: number): Promise<DatasetIndex> => indexOf({ ...byTable, frame: number });
    expect((await frame(1)).examples[0]!.digest).not.toBe((await frame(2)).examples[0]!.digest);
  });

  it("read each file once where they are read in order, and notice that one was changed", async () => {
    const index = await indexOf(byTable);
    const reader = await niftiFolder.open(paramsFor(byTable));
    await Promise.all(index.examples.slice(0, 5).map((example) => reader.readImage(example)));
    await rm(join(root, "a.nii.gz"));
    expect((await reader.readImage(index.examples[0]!)).width).toBe(4);
    await reader.close();
    await expect(reader.readImage(index.examples[0]!)).rejects.toThrow("The file a.nii.gz does not exist.");
    await write("a.nii.gz", niftiBytes({ shape, values, isPacked: false }));
    await expect((await niftiFolder.open(paramsFor(byTable))).readImage(index.examples[0]!)).rejects.toMatchObject({
      code: "image-changed",
      message: expect.stringContaining("a.nii.gz#axial 000") as string,
    });
  });

  async function readFirst(more: object): Promise<readonly number[]> {
    const params = { ...byTable, ...more };
    const reader = await niftiFolder.open(paramsFor(params));
    const { data } = await reader.readImage((await indexOf(params)).examples[0]!);
    return [...data];
  }
});

describe("what nifti_folder refuses", () => {
  beforeEach(() => writeNiftiMiniature(root, { volumes: 8 }));

  it.each([
    ["a file that is cut short", "x.nii", volume([4, 3, 2]).subarray(0, 370), "image-damaged", "damaged"],
    ["a header that promises more than any memory holds", "x.nii.gz", huge(), "image-damaged", "damaged"],
    ["another format of volumes", "x.nrrd", Buffer.from("NRRD0004\n"), "image-unsupported", "of an unread format"],
    ["several volumes", "x.nii", volume([2, 2, 2, 3]), "image-many-frames", "of several images"],
  ])("is %s, which is left out on request", async (_, name, bytes, code, reason) => {
    const sound = await indexOf(byTable);
    await write(name, bytes);
    await writeFile(
      join(root, "labels.csv"),
      `${await readFile(join(root, "labels.csv"), "utf8")}${name},x,ill,val,p\n`,
    );
    await expect(indexOf(byTable)).rejects.toMatchObject({ code, message: expect.stringContaining(name) as string });
    const { notes, ...index } = await indexOf({ ...byTable, on_error: "skip" });
    expect(index).toEqual(sound);
    expect(notes).toEqual([
      `Left out: 1 file that cannot be read (1 of val; 1 ${reason}; on_error: skip).`,
      "1 row of labels.csv matches no file that can be read (on_error: skip).",
    ]);
  });

  it("is a slice with NaN, when it is read; on request its whole volume is left out", async () => {
    const values = new Float32Array(24);
    values[20] = NaN;
    await write("volumes/scan_003.nii", niftiBytes({ shape: [4, 3, 2], values }));
    const index = await indexOf(byTable);
    const reader = await niftiFolder.open(paramsFor(byTable));
    const [lower, upper] = index.examples.filter(({ id }) => id.includes("scan_003"));
    expect((await reader.readImage(lower!)).height).toBe(3);
    await expect(reader.readImage(upper!)).rejects.toMatchObject({
      code: "image-not-finite",
      message: "volumes/scan_003.nii#axial 001 has 1 of 12 values that are NaN or infinite.",
    });
    const skipped = await indexOf({ ...byTable, on_error: "skip" });
    expect(skipped.examples).toEqual(index.examples.filter(({ id }) => !id.includes("scan_003")));
    expect(skipped.notes?.[0]).toBe("Left out: 1 file that cannot be read (1 of train; 1 with NaN; on_error: skip).");
    // Slices that are not asked for may be as they like.
    expect((await indexOf({ ...byTable, every: 2, on_error: "skip" })).notes).toBeUndefined();
  });

  it("is a file without a row", async () => {
    await write("volumes/extra.nii", volume([4, 3, 2]));
    await expect(indexOf(byTable)).rejects.toThrow(
      "1 file matches no row of labels.csv; the first is volumes/extra.nii.",
    );
  });
});

it("says under every table of how many files nobody knows which side is left", async () => {
  await writeNiftiMiniature(root, { volumes: 8 });
  expect((await indexOf(byTable)).notes).toBeUndefined();
  for (const name of ["scan_002", "scan_003"]) {
    const file = volume([4, 3, 2]);
    const view = new DataView(file.buffer, file.byteOffset);
    for (const code of [252, 254]) view.setInt16(code, 0, true);
    await write(`volumes/${name}.nii`, file);
  }
  expect((await indexOf(byTable)).notes).toEqual([
    "Without an orientation (neither sform nor qform), so that which side is left is nibabel's convention: 2 files.",
  ]);
});

it("is looked at through its reader", async () => {
  await writeNiftiMiniature(root, { volumes: 8 });
  const values = new Float32Array(24).fill(Infinity, 12);
  await write("volumes/scan_003.nii", niftiBytes({ shape: [4, 3, 2], values }));
  await write("cut.nii", volume([4, 3, 2]).subarray(0, 370));
  const signal = new AbortController().signal;
  const inspection = await inspectDataset("nifti_folder", paramsFor(byTable), { signal, progress: () => undefined });
  expect(inspection).toMatchObject({ images: { all: 44 }, bags: { all: 8 }, patients: { all: 8 }, missing: [] });
  expect(inspection.unreadable.map(({ id, code }) => [id, code])).toEqual([
    ["volumes/scan_003.nii#axial 001", "image-not-finite"],
  ]);
  expect(inspection.problems.map(({ code }) => code)).toEqual(["image-damaged"]);
});

it("keeps no patient, no header's text and no path of this machine", async () => {
  await writeNiftiMiniature(root, { volumes: 8 });
  await write("cut.nii", volume([4, 3, 2]).subarray(0, 370));
  const index = await indexOf({ ...byTable, group: "patient", on_error: "skip" });
  const text = Buffer.from(datasetCodec.encode(index)).toString("utf8");
  expect(text).toContain("scan_001");
  expect(text).not.toContain("Geheim");
  expect(text).not.toContain(root);
  expect(datasetCodec.decode(datasetCodec.encode(index))).toEqual(index);
});

function volume(shape: readonly number[]): Uint8Array {
  const values = Int16Array.from({ length: shape.reduce((product, side) => product * side, 1) }, (_, at) => at);
  return niftiBytes({ shape, values });
}

function huge(): Uint8Array {
  const bytes = volume([4, 3, 2]);
  new DataView(bytes.buffer).setInt16(42, 32767, true);
  new DataView(bytes.buffer).setInt16(44, 32767, true);
  return bytes;
}

/** So that no column says the splits. */
async function renameSplits(): Promise<void> {
  const path = join(root, "labels.csv");
  await writeFile(path, (await readFile(path, "utf8")).replace(/\bsplit\b/, "part"));
}

async function indexOf(params: object): Promise<DatasetIndex> {
  return (await niftiFolder.op.run({ ...contextFor(paramsFor(params)), pseudonym })) as DatasetIndex;
}

/** As a store makes them. */
function pseudonym(identifier: string): string {
  return createHmac("sha256", "a store's key").update(identifier).digest("hex").slice(0, 24);
}

/** The parameters that a program leaves to their defaults, as the language fills them in. */
function paramsFor(params: object): Readonly<Record<string, unknown>> {
  const defaults = Object.entries(niftiFolder.op.signature.params).flatMap(([name, spec]) =>
    "default" in spec ? [[name, spec.default] as const] : [],
  );
  const table = { path: join(root, "labels.csv") };
  return { ...Object.fromEntries(defaults), root: { path: root }, table, ...params };
}

async function writeTable(...lines: readonly string[]): Promise<void> {
  await writeFile(join(root, "labels.csv"), `${lines.join("\n")}\n`);
}

async function write(name: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(join(root, name)), { recursive: true });
  await writeFile(join(root, name), bytes);
}

function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}
