import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, mkdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { zipSync } from "fflate";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { contextFor, createFolder, writeGreyPng } from "../../../../tests/ops/dataset-testing.ts";
import { npyBytes } from "../../../../tests/ops/npy-testing.ts";
import { dicomBytesOf, readDicomFixture } from "../../../../tests/ops/reference/dicom_files-fixture.ts";
import type { DatasetIndex } from "../artifacts/dataset.ts";
import type { OpError } from "../op-error.ts";
import { imageFolder } from "./image-folder.ts";

let root: string;
beforeEach(async () => {
  root = await createFolder();
});
afterEach(() => rm(root, { recursive: true }));

describe("image_folder", () => {
  it("takes splits and classes from the folders, in code unit order whatever the disk's", async () => {
    await write("Training/b class/image(2) [x].png", "Training/b class/image(10).PNG", "Training/B/é.png");
    await write("Testing/b class/1.png", "valid/B/2.png");
    await writeFile(join(root, "Training/B/Thumbs.db"), "");
    await writeFile(join(root, "Training/.DS_Store"), "");
    await mkdir(join(root, "notes"));
    const index = await indexOf();
    expect(index).toMatchObject({ problem: "binary", classNames: ["B", "b class"] });
    expect(index.examples.map((example) => example.id)).toEqual([
      "Testing/b class/1.png",
      "Training/B/é.png",
      "Training/b class/image(10).PNG",
      "Training/b class/image(2) [x].png",
      "valid/B/2.png",
    ]);
    expect(index.splits).toEqual(["test", "train", "train", "train", "val"]);
    expect([...index.labels.values]).toEqual([1, 0, 1, 1, 0]);
    const bytes = await readFile(join(root, "Training/B/é.png"));
    expect(index.examples[1]).toMatchObject({ digest: createHash("sha256").update(bytes).digest("hex"), group: null });
    const files = await imageFolder.op.sourceFiles?.(paramsFor());
    expect(files?.map((file) => file.name)).toEqual(index.examples.map((example) => example.id));
  });

  it("is multi-class from three classes on, or on request", async () => {
    await write("train/a/1.png", "test/b/1.png");
    expect((await indexOf({ problem: "multi-class" })).problem).toBe("multi-class");
    await write("val/c/1.png");
    expect(await indexOf()).toMatchObject({ problem: "multi-class", classNames: ["a", "b", "c"] });
    await expect(indexOf({ problem: "binary" })).rejects.toThrow("the folders name 3: a, b, c");
  });

  it("takes the order of the classes from its parameters: the second of two is the positive one", async () => {
    await write("train/COVID/1.png", "train/NORMAL/1.png", "test/COVID/1.png");
    const index = await indexOf({ classes: ["NORMAL", "COVID"] });
    expect(index.classNames).toEqual(["NORMAL", "COVID"]);
    expect(index.examples.map(({ id }, row) => [id, index.labels.values[row]])).toEqual([
      ["test/COVID/1.png", 1],
      ["train/COVID/1.png", 1],
      ["train/NORMAL/1.png", 0],
    ]);
    for (const classes of [["NORMAL"], ["NORMAL", "COVID", "COVID"], ["NORMAL", "Covid"], ["COVID", "COVID"]]) {
      await expect(indexOf({ classes })).rejects.toMatchObject({ code: "class-names-differ" });
    }
  });

  it("takes other folder names from its parameters", async () => {
    await write("fit/a/1.png", "fit/b/1.png", "train/x/1.png");
    const index = await indexOf({ train: ["fit"] });
    expect(index.examples.map((example) => example.id)).toEqual(["fit/a/1.png", "fit/b/1.png"]);
  });

  it("takes NumPy files, packed into an archive or not", async () => {
    const pixels = Uint8Array.of(10, 20, 30, 40, 50, 60);
    const array = npyBytes("|u1", [1, 2, 3], pixels);
    for (const name of ["train/a/1.npy", "train/b/1.NPZ"]) {
      await mkdir(dirname(join(root, name)), { recursive: true });
      await writeFile(join(root, name), name.endsWith("y") ? array : zipSync({ "arr_0.npy": array }));
    }
    const { examples } = await indexOf();
    expect(examples.map(({ id }) => id)).toEqual(["train/a/1.npy", "train/b/1.NPZ"]);
    const reader = await imageFolder.open(paramsFor());
    for (const example of examples) {
      expect(await reader.readImage(example)).toEqual({ width: 2, height: 1, channels: 3, data: pixels });
    }
    await reader.close();
  });

  it.each([
    [
      "no split folder",
      ["images/a/1.png", "readme.txt"],
      {},
      /No split folder.*found images\/, readme.txt, expected some of train, Train/,
    ],
    ["two folders for one split", ["val/a/1.png", "valid/b/1.png"], {}, /val and valid both stand for the split val/],
    ["a split without classes", ["train/readme.txt"], {}, /folder train has no class folders/],
    ["an empty class", ["train/a/1.png", "train/b/readme.txt"], {}, /class folder train\/b holds no image/],
    ["images beside classes", ["train/a/1.png", "train/1.png"], {}, /1.png lies beside the class folders of train/],
    ["folders in classes", ["train/a/more/1.png"], {}, /class folder train\/a holds folders: more/],
    ["unread formats", ["train/a/1.png", "train/a/2.nii"], {}, /holds images that are not read: 2.nii/],
    ["JPEG 2000 and JPEG XL", ["train/a/1.jxl", "train/a/2.JP2"], {}, /not read: 1.jxl, 2.JP2\.$/],
    ["one class", ["train/a/1.png"], {}, /only the class "a"/],
    ["control characters", ["train/a\u0007/1.png"], {}, /holds control characters: "a\\u0007"/],
  ])("refuses %s", async (_, names, params, message) => {
    for (const name of names) await (name.endsWith(".png") ? write(name) : writeEmpty(name));
    await expect(indexOf(params)).rejects.toMatchObject({
      name: "OpError",
      message: expect.stringMatching(message) as string,
    });
  });

  it("takes JPEG and DICOM by all their endings", async () => {
    const names = ["1.JFIF", "2.jpe", "3.jpg", "4.jpeg", "5.IMA", "6.dcm"].map((name) => `train/a/${name}`);
    await write("train/b/1.png");
    for (const name of names) await writeEmpty(name);
    const { examples } = await indexOf();
    expect(examples.map(({ id }) => id)).toEqual([...names, "train/b/1.png"]);
  });

  it("refuses images whose names do not say so, and passes over what is none", async () => {
    await write("train/a/1.png", "train/b/1.png");
    const png = await readFile(join(root, "train/a/1.png"));
    const texts = { "notes.rtf": "{\\rtf1", README: "about", "Thumbs.db": "\0\0", empty: "", "1.txt": png };
    for (const [name, text] of Object.entries(texts)) await writeFile(join(root, "train/a", name), text);
    expect((await indexOf()).examples).toHaveLength(2);
    const dicom = Buffer.from(dicomBytesOf(readDicomFixture().cases[0]!));
    const jpeg = await sharp(png).jpeg().toBuffer();
    const tiff = await sharp(png).tiff().toBuffer();
    const array = npyBytes("|u1", [1, 1], Uint8Array.of(1));
    const images = { IM0001: dicom, "2.840.113": png, "x.svs": tiff, "y.array": array, z: jpeg };
    for (const [name, bytes] of Object.entries(images)) {
      await writeFile(join(root, "train/b", name), bytes);
      const message = `The class folder train/b holds images without the ending of their format: ${name}.`;
      await expect(indexOf()).rejects.toMatchObject({ code: "image-unnamed", message });
      await rm(join(root, "train/b", name));
    }
    for (let index = 0; index < 7; index++) await writeFile(join(root, `train/b/IM000${index}`), dicom);
    const { index, problems } = await listed();
    expect(index.examples).toHaveLength(2);
    expect(problems.map(({ message }) => message)).toEqual([
      "The class folder train/b holds images without the ending of their format: IM0000, IM0001, IM0002, IM0003, IM0004 and 2 more.",
    ]);
  });

  it.skipIf(process.platform === "win32")("never reads from a pipe or a device", async () => {
    await write("train/a/1.png", "train/b/1.png");
    execFileSync("mkfifo", [join(root, "train/a/9.png")]);
    const problem = "train/a/9.png is neither a file nor a folder, but a pipe, a socket or a device.";
    await expect(indexOf()).rejects.toMatchObject({ code: "file-unreadable", message: problem });
    await symlink("/dev/zero", join(root, "train/b/zero"));
    const { index, problems } = await listed();
    expect(index.examples).toHaveLength(2);
    expect(problems.map(({ message }) => message)).toEqual([problem, problem.replace("a/9.png", "b/zero")]);
  });

  it("names a missing root, and a link that leads nowhere", async () => {
    await expect(indexOf({ root: { path: join(root, "none") } })).rejects.toThrow(/root folder .*none cannot be read/);
    await write("train/a/1.png");
    await symlink(join(root, "gone.png"), join(root, "train/a/2.png"));
    await expect(indexOf()).rejects.toThrow("The link train/a/2.png leads nowhere.");
  });

  it.skipIf(process.getuid?.() === 0)("names a file that it may not read", async () => {
    await write("train/a/1.png", "train/b/1.png");
    await chmod(join(root, "train/b/1.png"), 0);
    await expect(indexOf()).rejects.toThrow("The file train/b/1.png cannot be read (EACCES).");
    await rename(join(root, "train/b/1.png"), join(root, "train/b/IM0001"));
    await expect(indexOf()).rejects.toThrow("The file train/b/IM0001 cannot be read (EACCES).");
  });

  it("stops when it is told to, and says how far it is", async () => {
    await write("train/a/1.png", "train/b/1.png");
    const abort = new AbortController();
    const seen: string[] = [];
    const progress = (done: number, total: number): void => {
      seen.push(`${String(done)}/${String(total)}`);
    };
    await imageFolder.op.run({ ...contextFor(paramsFor()), progress });
    expect(seen).toEqual(["1/2", "2/2"]);
    abort.abort();
    await expect(imageFolder.op.run({ ...contextFor(paramsFor()), signal: abort.signal })).rejects.toThrow(/abort/);
  });
});

describe("openImageFolder", () => {
  it("reads the images that were indexed", async () => {
    await write("train/a/1.png");
    const pixels = Uint8Array.of(10, 20, 30, 40, 50, 60);
    await mkdir(join(root, "train/b"));
    await sharp(pixels, { raw: { width: 2, height: 1, channels: 3 } })
      .png()
      .toFile(join(root, "train/b/1.png"));
    const index = await indexOf();
    const reader = await imageFolder.open(paramsFor());
    expect(await reader.readImage(index.examples[1]!)).toEqual({ width: 2, height: 1, channels: 3, data: pixels });
    await reader.close();
  });

  it("tells a changed image from a missing one and a damaged one", async () => {
    await write("train/a/1.png", "train/b/1.png");
    await writeFile(join(root, "train/b/2.png"), (await readFile(join(root, "train/b/1.png"))).subarray(0, 60));
    const index = await indexOf();
    const reader = await imageFolder.open(paramsFor());
    await expect(reader.readImage(index.examples[2]!)).rejects.toMatchObject({ code: "image-damaged" });
    await write("train/a/1.png");
    await writeGreyPng(join(root, "train/a/1.png"), { width: 5, height: 5, value: 9 });
    await expect(reader.readImage(index.examples[0]!)).rejects.toMatchObject({
      code: "image-changed",
      message: expect.stringContaining("train/a/1.png") as string,
    });
    await rm(join(root, "train/b/1.png"));
    await expect(reader.readImage(index.examples[1]!)).rejects.toThrow("The file train/b/1.png does not exist.");
    await reader.close();
  });
});

async function indexOf(params: object = {}): Promise<DatasetIndex> {
  return (await imageFolder.op.run(contextFor(paramsFor(params)))) as DatasetIndex;
}

/** As where the folder is only looked at. */
async function listed(): Promise<{ readonly index: DatasetIndex; readonly problems: readonly OpError[] }> {
  return imageFolder.list!(paramsFor(), contextFor(paramsFor()));
}

/** The parameters that a program leaves to their defaults, as the language fills them in. */
function paramsFor(params: object = {}): Readonly<Record<string, unknown>> {
  const defaults = Object.entries(imageFolder.op.signature.params).flatMap(([name, spec]) =>
    "default" in spec ? [[name, spec.default] as const] : [],
  );
  return { ...Object.fromEntries(defaults), root: { path: root }, ...params };
}

async function write(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeGreyPng(join(root, name), { width: 4, height: 3, value: name.length });
  }
}

async function writeEmpty(name: string): Promise<void> {
  await mkdir(dirname(join(root, name)), { recursive: true });
  await writeFile(join(root, name), "");
}
