import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { contextFor, createFolder } from "../../../../tests/ops/dataset-testing.ts";
import { nihCases, writeNihMiniature, type NihLayout, type NihRelease } from "../../../../tests/ops/miniatures/nih.ts";
import { datasetCodec, type DatasetIndex } from "../artifacts/dataset.ts";
import { nihChestXray14 } from "./nih-chest-xray14.ts";

const findings = [
  ...["Atelectasis", "Cardiomegaly", "Consolidation", "Edema", "Effusion", "Emphysema", "Fibrosis", "Hernia"],
  ...["Infiltration", "Mass", "Nodule", "Pleural_Thickening", "Pneumonia", "Pneumothorax"],
];
const cases = nihCases();

let root: string;

describe("a miniature of NIH ChestX-ray14", () => {
  beforeAll(async () => {
    root = await createFolder();
    await writeNihMiniature(root);
  });
  afterAll(() => rm(root, { recursive: true }));

  test("is indexed in the CSV's order, with NIH's labels, patients and test list, and the study's validation", async () => {
    const index = await indexOf();
    expect(index).toMatchObject({ problem: "multi-label", classNames: findings });
    expect(index.examples.map(({ id }) => id)).toEqual(cases.map(({ name }) => name));
    expect(index.examples.map(({ group }) => group)).toEqual(cases.map(({ patient }) => `hash of ${patient}`));
    expect(index.splits).toEqual(cases.map(({ part }) => part));
    expect(labelsOf(index)).toEqual(cases.map(({ labels }) => labels.replace("No Finding", "")));
    expect(index.examples[0]?.locator).toBe(`CXR8/images/images/${cases[0]!.name}`);
    expect(datasetCodec.decode(datasetCodec.encode(index))).toEqual(index);
  });

  test("has No Finding between Mass and Nodule where it is a class", async () => {
    const index = await indexOf({ no_finding: "class" });
    expect(index.classNames).toEqual([...findings.slice(0, 10), "No Finding", ...findings.slice(10)]);
    expect(labelsOf(index).map((labels) => labels.split("|").sort())).toEqual(
      cases.map(({ labels }) => labels.split("|").sort()),
    );
  });

  test("takes every eighth patient of the list for validation, or none", async () => {
    const listed = [...new Set(cases.filter(({ part }) => part !== "test").map(({ patient }) => patient))].sort(
      (a, b) => a - b,
    );
    const ofVal = listed.filter((_, position) => position % 8 === 7);
    expect((await indexOf({ val: "patients" })).splits).toEqual(
      cases.map(({ part, patient }) => (part === "test" ? "test" : ofVal.includes(patient) ? "val" : "train")),
    );
    expect((await indexOf({ val: "none" })).splits).toEqual(
      cases.map(({ part }) => (part === "test" ? "test" : "train")),
    );
  });

  test("hashes the CSV and both lists besides the images", async () => {
    const files = (await nihChestXray14.op.sourceFiles?.(paramsFor())) ?? [];
    expect(files.slice(0, 3).map(({ name }) => name)).toEqual([
      "Data_Entry_2017_v2020.csv",
      "train_val_list.txt",
      "test_list.txt",
    ]);
    const { examples } = await indexOf();
    expect(files.slice(3).map(({ name }) => name)).toEqual(examples.map(({ locator }) => locator));
    expect(examples.map(({ id }) => id)).toEqual(cases.map(({ name }) => name));
  });

  test("reads images stored as RGBA to the pixels that they have as grey ones", async () => {
    const index = await indexOf();
    const reader = await nihChestXray14.open(paramsFor());
    const images = await Promise.all(index.examples.slice(0, 8).map((example) => reader.readImage(example)));
    await reader.close();
    expect(new Set(images.map(({ channels }) => channels))).toEqual(new Set([1, 3]));
    for (const { width, height, channels, data } of images) {
      expect([width, height]).toEqual([32, 32]);
      if (channels === 3) {
        expect(data.every((value, place) => value === data[place - (place % 3)])).toBe(true);
      }
    }
  });
});

describe("layouts and releases", () => {
  beforeEach(async () => {
    root = await createFolder();
  });
  afterEach(() => rm(root, { recursive: true }));

  const few = { train: 9, val: 2, test: 3 };

  test.each<readonly [NihLayout, NihRelease, RegExp]>([
    ["kaggle", "kaggle", /^images_0(0[1-9]|1[0-2])\/images\/\d{8}_\d{3}\.png$/],
    ["kaggle-224", "2017", /^images-224\/images-224\/\d{8}_\d{3}\.png$/],
    ["hugging-face", "v2020-sex", /^data\/images\/images_0\d\d\/images\/\d{8}_\d{3}\.png$/],
    ["google", "re-saved", /^png\/\d{8}_\d{3}\.png$/],
    ["study", "v2020", /^(train|val|test)\/\d{8}_\d{3}\.png$/],
  ])("%s with the CSV %s gives the same examples at other places", async (layout, release, place) => {
    await writeNihMiniature(root, { patients: few, size: 8, layout, release });
    const index = await indexOf();
    const expected = nihCases(few);
    expect(index.examples.map(({ id }) => id)).toEqual(expected.map(({ name }) => name));
    expect(index.splits).toEqual(expected.map(({ part }) => part));
    expect(labelsOf(index)).toEqual(expected.map(({ labels }) => labels.replace("No Finding", "")));
    expect(index.examples.every(({ locator }) => place.test(locator))).toBe(true);
  });

  test("reads a CSV whose cells stand in quotes", async () => {
    await writeNihMiniature(root, { patients: few, size: 8, layout: "google" });
    const path = join(root, "Data_Entry_2017_v2020.csv");
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replaceAll(/([^,\n]+)/g, '"$1"'));
    expect(labelsOf(await indexOf())).toEqual(nihCases(few).map(({ labels }) => labels.replace("No Finding", "")));
  });

  test("takes images from another folder and labels from a file that the program names", async () => {
    await writeNihMiniature(root, { patients: few, size: 8, layout: "google" });
    const other = await createFolder();
    await rename(join(root, "png"), join(other, "png"));
    await rename(join(root, "Data_Entry_2017_v2020.csv"), join(other, "mine.csv"));
    const params = { images: { path: other }, labels: { path: join(other, "mine.csv") } };
    const index = await indexOf(params);
    expect(index.examples[0]?.locator).toBe(`png/${nihCases(few)[0]!.name}`);
    const files = (await nihChestXray14.op.sourceFiles?.(paramsFor(params))) ?? [];
    expect(files.slice(0, 3).map(({ name }) => name)).toEqual([
      "train_val_list.txt",
      "test_list.txt",
      `png/${nihCases(few)[0]!.name}`,
    ]);
    await rm(other, { recursive: true });
  });

  test("needs to be told which images are meant where there are two sizes", async () => {
    await writeNihMiniature(root, { patients: few, size: 8, layout: "google" });
    await writeNihMiniature(join(root, "small"), { patients: few, size: 4, layout: "kaggle-224" });
    await rm(join(root, "small/Data_Entry_2017.csv"));
    await rm(join(root, "small/train_val_list_NIH.txt"));
    await rm(join(root, "small/test_list_NIH.txt"));
    await expect(indexOf()).rejects.toMatchObject({
      code: "images-ambiguous",
      message: expect.stringMatching(/^png\/\S+ and small\/images-224\/images-224\/\S+ are images/) as string,
    });
    const params = { images: { path: join(root, "small") } };
    const index = await indexOf(params);
    const reader = await nihChestXray14.open(paramsFor(params));
    expect((await reader.readImage(index.examples[0]!)).width).toBe(4);
    await reader.close();
  });

  test("leaves out what is missing or damaged where it is told to, and says how many", async () => {
    await writeNihMiniature(root, { patients: few, size: 8, layout: "google" });
    const [first, second] = nihCases(few);
    await rm(join(root, "png", first!.name));
    await writeFile(join(root, "png", second!.name), "");
    await expect(indexOf()).rejects.toMatchObject({
      code: "file-missing",
      message: `Data_Entry_2017_v2020.csv line 2: the image ${first!.name} is missing or unreadable.`,
    });
    const index = await indexOf({ on_error: "skip" });
    expect(index.examples.map(({ id }) => id)).toEqual(
      nihCases(few)
        .slice(2)
        .map(({ name }) => name),
    );
    expect(index.notes).toEqual([expect.stringMatching(/^Left out: 2 files .*1 damaged, 1 missing/)]);
  });
});

describe("faults", () => {
  beforeEach(async () => {
    root = await createFolder();
    await writeNihMiniature(root, { patients: { train: 3, val: 1, test: 2 }, size: 4, layout: "google" });
  });
  afterEach(() => rm(root, { recursive: true }));

  const csv = "Data_Entry_2017_v2020.csv";

  test.each<readonly [string, string, (text: string) => string, RegExp]>([
    [
      "an unknown label",
      csv,
      (text) => text.replace("Cardiomegaly", "Fracture"),
      /line 4, .* "Fracture" is not one of/,
    ],
    ["an empty label", csv, (text) => text.replace("Cardiomegaly", ""), /line 4, .*: "" is not one of/],
    ["No Finding beside a finding", csv, (text) => text.replace("Cardiomegaly", "Mass|No Finding"), /beside findings/],
    ["a row that stands twice", csv, (text) => text + text.split("\n")[1]!, /line 12: \S+ stands in line 2 already/],
    ["a row that is cut", csv, (text) => text.slice(0, -30), /line 11 has 10 cells where the rows before have 11/],
    [
      "another patient",
      csv,
      (text) => text.replace(",1,21,", ",7,21,"),
      /line 2: the column "Patient ID" says another/,
    ],
    ["a name that is none", csv, (text) => text.replace("00000001_000.png", "../1.png"), /"..\/1.png" is no image of/],
    ["other columns", csv, (text) => text.replace("Finding Labels", "Labels"), /does not begin with the columns/],
    ["no rows", csv, (text) => text.slice(0, text.indexOf("\n")), /holds no rows/],
    ["an empty CSV", csv, () => "", /does not begin with the columns/],
    [
      "a list with a word",
      "test_list.txt",
      (text) => `${text}\nimage`,
      /test_list.txt line 4 is no image's name: "image"/,
    ],
    [
      "a list with a name twice",
      "test_list.txt",
      (text) => `${text}\n00000002_000.png`,
      /line 4: \S+ stands in line 1/,
    ],
    ["an empty list", "train_val_list.txt", () => "\n", /train_val_list.txt names no image/],
    [
      "a list with an unknown image",
      "test_list.txt",
      (text) => `${text}\n00009999_000.png`,
      /names 00009999_000.png \(line 4\)/,
    ],
    [
      "an image in both lists",
      "test_list.txt",
      (text) => `${text}\n00000001_000.png`,
      /line 4: \S+ stands in train_val/,
    ],
    [
      "an image in no list",
      "test_list.txt",
      (text) => text.slice(17),
      /Neither train_val_list.txt nor test_list.txt names 00000002_000.png/,
    ],
  ])("%s is refused with its place", async (_, file, change, message) => {
    const path = join(root, file);
    await writeFile(path, change(await readFile(path, "utf8")));
    await expect(indexOf()).rejects.toMatchObject({
      name: "OpError",
      message: expect.stringMatching(message) as string,
    });
  });

  test("no patient is named where the patient's column is wrong", async () => {
    const path = join(root, csv);
    await writeFile(path, (await readFile(path, "utf8")).replace(",1,21,", ",7654321,21,"));
    const failure: unknown = await indexOf().catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "patients-differ" });
    expect(JSON.stringify([(failure as Error).message, failure])).not.toContain("7654321");
  });

  test.each([
    [csv, "list-missing", /No Data_Entry_2017_v2020.csv .* found png\/, test_list.txt, train_val_list.txt\./],
    ["train_val_list.txt", "list-missing", /No train_val_list.txt .* found png\/, Data_Entry/],
    ["test_list.txt", "list-missing", /No test_list.txt/],
    ["png", "images-missing", /No image such as 00000001_000.png .* found Data_Entry/],
  ])("the lack of %s is told with what there is", async (name, code, message) => {
    await rm(join(root, name), { recursive: true });
    await expect(indexOf()).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
  });

  test("archives are to be unpacked", async () => {
    await rm(join(root, "png"), { recursive: true });
    await mkdir(join(root, "images"));
    await writeFile(join(root, "images/images_001.tar.gz"), "");
    await expect(indexOf()).rejects.toMatchObject({ code: "images-missing", hint: "Unpack the archives there." });
  });

  test("two files of labels need a word on which is meant", async () => {
    await writeFile(join(root, "Data_Entry_2017.csv"), await readFile(join(root, csv)));
    await expect(indexOf()).rejects.toMatchObject({
      code: "list-ambiguous",
      hint: expect.stringContaining("`labels`") as string,
    });
    expect((await indexOf({ labels: { path: join(root, csv) } })).examples).toHaveLength(10);
  });

  test("too few patients to validate with", async () => {
    await expect(indexOf({ val: "patients" })).rejects.toMatchObject({
      code: "split-empty",
      message: "With `val: patients` the 4 patients of train_val_list.txt leave nothing to validate with.",
    });
  });

  test("a list that names images without labels is told, not refused, where the set is only looked at", async () => {
    const path = join(root, "test_list.txt");
    await writeFile(path, `${await readFile(path, "utf8")}\n00009999_000.png\n00009999_001.png`);
    const { index, problems } = await nihChestXray14.list!(paramsFor(), { pseudonym: (name) => name });
    expect(index.examples).toHaveLength(10);
    expect(problems).toMatchObject([{ code: "image-unlabelled", message: /2 images, 00009999_000.png first/ }]);
  });
});

async function indexOf(params: object = {}): Promise<DatasetIndex> {
  return (await nihChestXray14.op.run(contextFor(paramsFor(params)))) as DatasetIndex;
}

function paramsFor(params: object = {}): Readonly<Record<string, unknown>> {
  const defaults = { images: null, labels: null, val: "baharoon2023", no_finding: "none" };
  const reading = { window: null, percentiles: null, on_error: "stop" };
  return { root: { path: root }, ...defaults, ...reading, ...params };
}

/** Each row's classes, joined by `|` in the order of the first that the CSV names. */
function labelsOf({ classNames, labels, examples }: DatasetIndex): readonly string[] {
  const order = new Map(cases.map(({ name, labels: cell }) => [name, cell.split("|")]));
  return examples.map(({ id }, row) => {
    const names = classNames.filter((_, place) => labels.values[row * labels.width + place] === 1);
    const wanted = order.get(id) ?? [];
    return names.sort((a, b) => wanted.indexOf(a) - wanted.indexOf(b)).join("|");
  });
}
