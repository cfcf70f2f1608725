import { createHash } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { zipSync } from "fflate";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { contextFor, createFolder } from "../../../../tests/ops/dataset-testing.ts";
import { npyBytes, rawBytes } from "../../../../tests/ops/npy-testing.ts";
import { datasetCodec, type DatasetIndex } from "../artifacts/dataset.ts";
import { findLeaks } from "../splits/find-leaks.ts";
import { medmnist, openMedmnist } from "./medmnist.ts";

let folder: string;
beforeEach(async () => {
  folder = await createFolder();
});
afterEach(() => rm(folder, { recursive: true }));

type Arrays = Readonly<Record<string, Uint8Array>>;

const grey = (count: number): Uint8Array =>
  npyBytes(
    "|u1",
    [count, 2, 3],
    Uint8Array.from({ length: count * 6 }, (_, index) => index),
  );
const labels = (...values: readonly number[]): Uint8Array =>
  npyBytes("|u1", [values.length, 1], Uint8Array.from(values));
const binary: Arrays = {
  train_images: grey(3),
  train_labels: labels(1, 0, 1),
  val_images: grey(1),
  val_labels: labels(0),
  test_images: grey(2),
  test_labels: labels(1, 0),
};

/** Volumes of 2 x 2 x 2 values. */
function cubes(values: readonly (readonly number[])[]): Uint8Array {
  return npyBytes("|u1", [values.length, 2, 2, 2], Uint8Array.from(values.flat()));
}

const volumes: Arrays = {
  train_images: cubes([
    [0, 0, 0, 0, 1, 2, 3, 4],
    [5, 6, 7, 8, 0, 0, 0, 0],
  ]),
  train_labels: labels(1, 0),
  test_images: cubes([[0, 0, 0, 0, 9, 9, 9, 9]]),
  test_labels: labels(1),
};

describe("medmnist", () => {
  it("indexes a binary set split by split", async () => {
    const index = await indexOf(binary);
    expect(index).toMatchObject({ problem: "binary", classNames: ["0", "1"] });
    expect(index.splits).toEqual(["train", "train", "train", "val", "test", "test"]);
    expect([...index.labels.values]).toEqual([1, 0, 1, 0, 1, 0]);
    expect(index.examples.map((example) => example.id)).toEqual([
      ...["train[0]", "train[1]", "train[2]", "val[0]", "test[0]", "test[1]"],
    ]);
    const expected = createHash("sha256")
      .update("exp.array-image.1\nuint8 2 3 1\n")
      .update(Uint8Array.of(6, 7, 8, 9, 10, 11));
    expect(index.examples[1]?.digest).toBe(expected.digest("hex"));
    // Equal images have equal digests, in whatever split.
    expect(index.examples[3]?.digest).toBe(index.examples[0]?.digest);
  });

  it("names classes by its parameter, and is multi-class from three on", async () => {
    const three = { ...binary, test_labels: labels(2, 0) };
    expect(await indexOf(three)).toMatchObject({ problem: "multi-class", classNames: ["0", "1", "2"] });
    const named = await indexOf(three, ["nevus", "melanoma", "keratosis"]);
    expect(named.classNames).toEqual(["nevus", "melanoma", "keratosis"]);
    await expect(indexOf(three, ["nevus", "melanoma"])).rejects.toThrow(
      "`classes` names 2 classes, but the labels have 3.",
    );
  });

  it("reads several columns of labels as flags, in any whole-number type", async () => {
    const index = await indexOf({
      train_images: grey(2),
      train_labels: npyBytes("<i8", [2, 3], rawBytes(BigInt64Array.of(1n, 0n, 0n, 1n, 1n, 0n))),
    });
    expect(index).toMatchObject({ problem: "multi-label", classNames: ["0", "1", "2"], labels: { width: 3 } });
    expect([...index.labels.values]).toEqual([1, 0, 0, 1, 1, 0]);
  });

  it.each([
    [
      "arrays of different lengths",
      { ...binary, val_labels: labels(0, 1) },
      "val_images holds 1 images but val_labels holds 2 labels",
    ],
    [
      "labels without images",
      { train_labels: labels(0, 1) },
      "data.npz has no array train_images; it holds train_labels",
    ],
    ["no array at all", {}, "has no array train_images and train_labels; it holds nothing"],
    [
      "images of four channels",
      { train_images: npyBytes("|u1", [1, 2, 2, 4], new Uint8Array(16)), train_labels: labels(0) },
      "train_images of data.npz has shape (1, 2, 2, 4)",
    ],
    [
      "signed pixels",
      { train_images: npyBytes("<i4", [1, 1, 1], new Uint8Array(4)), train_labels: labels(0) },
      "has elements of type <i4",
    ],
    [
      "class numbers below zero",
      { train_images: grey(2), train_labels: npyBytes("<i4", [2], rawBytes(Int32Array.of(0, -1))) },
      "train_labels of data.npz, row 1: -1 is no class number",
    ],
    [
      "flags that are none",
      { train_images: grey(1), train_labels: npyBytes("|u1", [1, 2], Uint8Array.of(0, 2)) },
      "row 0: expected 0 or 1, found 2",
    ],
    [
      "splits with unlike labels",
      { ...binary, test_labels: npyBytes("|u1", [2, 2], new Uint8Array(4)) },
      "test_labels of data.npz has 2 columns where train_labels of data.npz has 1",
    ],
    ["one class", { train_images: grey(2), train_labels: labels(0, 0) }, 'only the class "0"'],
    [
      "a damaged array",
      { ...binary, val_images: grey(1).subarray(0, 130) },
      "The array val_images of data.npz cannot be read",
    ],
  ])("refuses %s", async (_, arrays, message) => {
    await expect(indexOf(arrays)).rejects.toMatchObject({
      name: "OpError",
      message: expect.stringContaining(message) as string,
    });
  });

  it("names the classes of a published set by the file's name, unless the program names them", async () => {
    expect((await indexOf(binary, null, "breastmnist_64.npz")).classNames).toEqual(["malignant", "normal, benign"]);
    expect((await indexOf(binary, ["a", "b"], "breastmnist.npz")).classNames).toEqual(["a", "b"]);
    expect((await indexOf(binary, null, "my_breastmnist.npz")).classNames).toEqual(["0", "1"]);
    // A set with fewer labels than its name promises has them still; one with more is another set.
    expect(await indexOf(binary, null, "octmnist.npz")).toMatchObject({
      ...{
        problem: "multi-class",
        classNames: ["choroidal neovascularization", "diabetic macular edema", "drusen", "normal"],
      },
    });
    const three = { ...binary, test_labels: labels(2, 0) };
    expect((await indexOf(three, null, "breastmnist.npz")).classNames).toEqual(["0", "1", "2"]);
    expect((await indexOf(binary, null, "chestmnist.npz")).classNames).toHaveLength(14);
    const flags = { train_images: grey(1), train_labels: npyBytes("|u1", [1, 2], Uint8Array.of(0, 1)) };
    expect((await indexOf(flags, null, "chestmnist.npz")).classNames).toEqual(["0", "1"]);
  });

  it("is asked by the set's name where that names the classes, and by nothing but its bytes otherwise", async () => {
    const namesOf = async (file: string, classes: readonly string[] | null) =>
      (await medmnist.sourceFiles!(paramsFor(classes, file))).map(({ name, path }) => [name, path]);
    expect(await namesOf("breastmnist_64.npz", null)).toEqual([["breastmnist", join(folder, "breastmnist_64.npz")]]);
    expect(await namesOf("breastmnist.npz", ["a", "b"])).toEqual([]);
    expect(await namesOf("mine.npz", null)).toEqual([]);
  });

  it("takes each volume as the bag of its slices along the first axis", async () => {
    const index = await indexOf(volumes);
    expect(index).toMatchObject({ problem: "binary", classNames: ["0", "1"] });
    expect(index.examples.slice(0, 4).map(({ id, locator, group, bag }) => [id, locator, group, bag])).toEqual([
      ["train[0]#0", "train[0]#0", "train[0]", "train[0]"],
      ["train[0]#1", "train[0]#1", "train[0]", "train[0]"],
      ["train[1]#0", "train[1]#0", "train[1]", "train[1]"],
      ["train[1]#1", "train[1]#1", "train[1]", "train[1]"],
    ]);
    expect(index.splits).toEqual(["train", "train", "train", "train", "test", "test"]);
    expect([...index.labels.values]).toEqual([1, 1, 0, 0, 1, 1]);
    expect(datasetCodec.decode(datasetCodec.encode(index))).toEqual(index);
    const reader = await openMedmnist(paramsFor());
    const images = await Promise.all(index.examples.map((example) => reader.readImage(example)));
    expect(images.map(({ width, height, channels, data }) => [width, height, channels, ...data])).toEqual([
      [2, 2, 1, 0, 0, 0, 0],
      [2, 2, 1, 1, 2, 3, 4],
      [2, 2, 1, 5, 6, 7, 8],
      [2, 2, 1, 0, 0, 0, 0],
      [2, 2, 1, 0, 0, 0, 0],
      [2, 2, 1, 9, 9, 9, 9],
    ]);
    for (const locator of ["train[0]", "train[0]#2", "train[2]#0", "val[0]#0"]) {
      const other = { ...index.examples[0]!, locator };
      await expect(reader.readImage(other)).rejects.toMatchObject({ code: "image-changed" });
    }
    await reader.close();
  });

  it("finds the same volume in two splits, but no leak in blank slices", async () => {
    expect(findLeaks(await indexOf(volumes)).leaks).toEqual([]);
    const [leak] = findLeaks(await indexOf({ ...volumes, test_images: cubes([[0, 0, 0, 0, 1, 2, 3, 4]]) })).leaks;
    expect(leak).toMatchObject({ kind: "image", earlier: "train", later: "test", shared: 2 });
    expect((await indexOf(volumes)).examples[1]?.digest).toBe(
      createHash("sha256")
        .update(
          `exp.array-slice.1\n${createHash("sha256")
            .update("exp.array-volume.1\nuint8 2 2 2\n")
            .update(Uint8Array.of(0, 0, 0, 0, 1, 2, 3, 4))
            .digest("hex")}\n1\n`,
        )
        .digest("hex"),
    );
  });

  it("reads the volumes of a published set, however little they were packed to", async () => {
    const count = 66;
    const blank = {
      train_images: npyBytes("|u1", [count, 64, 64, 64], new Uint8Array(count * 64 ** 3)),
      train_labels: npyBytes(
        "|u1",
        [count, 1],
        Uint8Array.from({ length: count }, (_, index) => index % 2),
      ),
    };
    const index = await indexOf(blank, null, "adrenalmnist3d_64.npz");
    expect(index).toMatchObject({ problem: "binary", classNames: ["normal", "hyperplasia"] });
    expect(index.examples).toHaveLength(64 * count);
    await expect(indexOf(blank, null, "mine.npz")).rejects.toMatchObject({ code: "zip-too-large" });
  });

  it("refuses a file that is no archive", async () => {
    await writeFile(join(folder, "data.npz"), "not found");
    await expect(medmnist.run(contextFor(paramsFor()))).rejects.toThrow(
      "it has no zip directory, as if it were cut short",
    );
  });
});

describe("openMedmnist", () => {
  it("reads grey, colour and 16-bit images", async () => {
    const colour = npyBytes(
      "|u1",
      [2, 1, 2, 3],
      Uint8Array.from({ length: 12 }, (_, index) => index),
    );
    const deep = npyBytes("<u2", [2, 1, 2], rawBytes(Uint16Array.of(1, 500, 60_000, 65_535)));
    const index = await indexOf({ ...binary, val_images: colour, val_labels: labels(0, 1), test_images: deep });
    const reader = await openMedmnist(paramsFor());
    const images = await Promise.all([1, 4, 6].map((position) => reader.readImage(index.examples[position]!)));
    expect(images).toEqual([
      { width: 3, height: 2, channels: 1, data: Uint8Array.of(6, 7, 8, 9, 10, 11) },
      { width: 2, height: 1, channels: 3, data: Uint8Array.of(6, 7, 8, 9, 10, 11) },
      { width: 2, height: 1, channels: 1, data: Uint16Array.of(60_000, 65_535) },
    ]);
    await reader.close();
  });

  it("notices that the file is another one than was indexed", async () => {
    const index = await indexOf(binary);
    await indexOf(
      { train_images: npyBytes("|u1", [1, 3, 2], Uint8Array.of(0, 1, 2, 3, 4, 5)), train_labels: labels(0) },
      ["a", "b"],
    );
    const reader = await openMedmnist(paramsFor());
    for (const position of [0, 1, 5]) {
      await expect(reader.readImage(index.examples[position]!)).rejects.toMatchObject({ code: "image-changed" });
    }
    await reader.close();
  });
});

async function indexOf(
  arrays: Arrays,
  classes: readonly string[] | null = null,
  file = "data.npz",
): Promise<DatasetIndex> {
  const files = Object.fromEntries(Object.entries(arrays).map(([name, bytes]) => [`${name}.npy`, bytes]));
  await writeFile(join(folder, file), zipSync(files));
  return (await medmnist.run(contextFor(paramsFor(classes, file)))) as DatasetIndex;
}

function paramsFor(classes: readonly string[] | null = null, file = "data.npz"): Readonly<Record<string, unknown>> {
  return { file: { path: join(folder, file) }, classes };
}
