import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { contextFor, createFolder } from "../../../../tests/ops/dataset-testing.ts";
import {
  chexpertCases,
  chexpertColumns,
  writeChexpertMiniature,
  type ChexpertCase,
  type ChexpertLayout,
} from "../../../../tests/ops/miniatures/chexpert.ts";
import { datasetCodec, type DatasetIndex } from "../artifacts/dataset.ts";
import { chexpert } from "./chexpert.ts";

const competition = ["Cardiomegaly", "Edema", "Consolidation", "Atelectasis", "Pleural Effusion"];
const cases = chexpertCases();
const frontal = cases.filter(({ name }) => !name.includes("lateral"));

let root: string;

describe("a miniature of CheXpert", () => {
  beforeAll(async () => {
    root = await createFolder();
    await writeChexpertMiniature(root);
  });
  afterAll(() => rm(root, { recursive: true }));

  test("is indexed by its three lists: frontal images, the competition's classes, uncertain labels unknown", async () => {
    const index = await indexOf();
    expect(index).toMatchObject({ problem: "multi-label", classNames: competition });
    expect(index.examples.map(({ id }) => id)).toEqual(frontal.map(({ name }) => name));
    expect(index.splits).toEqual(frontal.map(({ split }) => split));
    expect(index.examples.map(({ group }) => group)).toEqual(frontal.map(({ name }) => `hash of ${name.slice(0, 12)}`));
    expect(rowsOf(index)).toEqual(expectedRows(frontal, competition, { "-1.0": -1, "": 0 }));
    expect(index.notes).toBeUndefined();
    expect(datasetCodec.decode(datasetCodec.encode(index))).toEqual(index);
  });

  test.each([
    ["zeros", "zeros", { "-1.0": 0, "": 0 }],
    ["ones", "zeros", { "-1.0": 1, "": 0 }],
    ["ignore", "ignore", { "-1.0": -1, "": -1 }],
    ["ones", "ignore", { "-1.0": 1, "": -1 }],
  ])("reads -1 as %s and blanks as %s", async (uncertain, blank, values) => {
    const index = await indexOf({ uncertain, blank });
    expect(rowsOf(index)).toEqual(expectedRows(frontal, competition, values));
  });

  test("adds a class Uncertain, as the study has it: for -1 in a class that is read", async () => {
    const index = await indexOf({ uncertain: "class" });
    expect(index.classNames).toEqual([...competition, "Uncertain"]);
    const plain = expectedRows(frontal, competition, { "-1.0": 0, "": 0 });
    const uncertain = frontal.map(({ cells }) =>
      Number(competition.some((name) => cells[chexpertColumns.indexOf(name)] === "-1.0")),
    );
    expect(rowsOf(index)).toEqual(plain.map((row, place) => [...row, uncertain[place]]));
    const inTrain = uncertain.filter((_, row) => index.splits[row] === "train");
    expect(new Set(inTrain)).toEqual(new Set([0, 1]));
    expect(uncertain.filter((_, row) => index.splits[row] !== "train").every((flag) => flag === 0)).toBe(true);
  });

  test("reads lateral images and all 14 classes too", async () => {
    const index = await indexOf({ projections: "all", classes: "all" });
    expect(index.classNames).toEqual(chexpertColumns);
    expect(index.examples.map(({ id }) => id)).toEqual(cases.map(({ name }) => name));
    expect(rowsOf(index)).toEqual(expectedRows(cases, chexpertColumns, { "-1.0": -1, "": 0 }));
  });

  test("takes validation's images from CheXpert, though CheXlocalize has them once more", async () => {
    const index = await indexOf();
    const reader = await chexpert.open(paramsFor());
    const places = new Map(index.examples.map(({ locator }, row) => [index.splits[row]!, locator]));
    expect([...places.values()].map((place) => place.replace(/patient.*/, ""))).toEqual([
      "CheXpert-v1.0-small/train/",
      "CheXpert-v1.0-small/valid/",
      "CheXpert/test/",
    ]);
    for (const example of [index.examples[0]!, index.examples[index.splits.indexOf("val")]!, index.examples.at(-1)!]) {
      const { width, height, channels } = await reader.readImage(example);
      expect([width, height, channels]).toEqual([32, 32, 1]);
    }
    await reader.close();
  });

  test("hashes the lists besides the images", async () => {
    const files = (await chexpert.op.sourceFiles?.(paramsFor())) ?? [];
    const { examples } = await indexOf();
    expect(files.map(({ name }) => name)).toEqual([
      ...["train.csv", "valid.csv", "test_labels.csv"],
      ...examples.map(({ locator }) => locator),
    ]);
  });
});

describe("layouts", () => {
  beforeEach(async () => {
    root = await createFolder();
  });
  afterEach(() => rm(root, { recursive: true }));

  const patients = { train: 7, val: 3, test: 4 };
  const few = chexpertCases(patients);

  test.each<readonly [ChexpertLayout, RegExp]>([
    ["full", /^(CheXpert-v1\.0\/(train|valid)|CheXpert\/test)\/patient/],
    [
      "aimi",
      /^(chexpertchestxrays-u20210408\/CheXpert-v1\.0 batch (1 \(validate & csv\)\/valid|[234] \(train [123]\))|CheXpert\/test)\/patient/,
    ],
    ["kaggle", /^(train|valid|CheXpert\/test)\/patient/],
    ["study", /^(train|val|test)\/patient/],
  ])("%s gives the same examples at other places", async (layout, place) => {
    await writeChexpertMiniature(root, { patients, size: 8, layout });
    const index = await indexOf({ projections: "all", classes: "all" });
    expect(index.examples.map(({ id }) => id)).toEqual(few.map(({ name }) => name));
    expect(index.splits).toEqual(few.map(({ split }) => split));
    expect(rowsOf(index)).toEqual(expectedRows(few, chexpertColumns, { "-1.0": -1, "": 0 }));
    expect(index.examples.filter(({ locator }) => !place.test(locator))).toEqual([]);
  });

  test("labels of test by study are those of its images", async () => {
    await writeChexpertMiniature(root, { patients, size: 8, test: "groundtruth" });
    await writeFile(join(root, "CheXpert/test", few.at(-1)!.name.slice(0, 19), "notes.txt"), "");
    const index = await indexOf({ projections: "all", classes: "all" });
    expect(index.examples.map(({ id }) => id)).toEqual(few.map(({ name }) => name));
    expect(rowsOf(index)).toEqual(expectedRows(few, chexpertColumns, { "-1.0": -1, "": 0 }));
    const ofFront = await indexOf();
    expect(ofFront.examples.map(({ id }) => id)).toEqual(
      few.filter(({ name }) => !name.includes("lateral")).map(({ name }) => name),
    );
  });

  test("views are in the order of their numbers where a list names studies", async () => {
    await writeChexpertMiniature(root, { patients, size: 8, test: "groundtruth" });
    const study = join(root, "CheXpert/test", "patient64741/study1");
    for (const view of ["view10_frontal.jpg", "view2_frontal.jpg"]) {
      await writeFile(join(study, view), await readFile(join(study, "view1_frontal.jpg")));
    }
    const ids = (await indexOf()).examples.map(({ id }) => id).filter((id) => id.startsWith("patient64741"));
    expect(ids.map((id) => id.slice(20))).toEqual(["view1_frontal.jpg", "view2_frontal.jpg", "view10_frontal.jpg"]);
  });

  test("a study without images is a missing one", async () => {
    await writeChexpertMiniature(root, { patients, size: 8, test: "groundtruth" });
    await rm(join(root, "CheXpert/test/patient64742"), { recursive: true });
    await expect(indexOf()).rejects.toMatchObject({
      code: "file-missing",
      message: "groundtruth.csv line 3: the image patient64742/study1 is missing or unreadable.",
    });
    const index = await indexOf({ on_error: "skip" });
    expect(index.splits.filter((split) => split === "test")).toHaveLength(3);
    expect(index.notes).toEqual(["Left out: 1 file that cannot be read (1 of test; 1 missing; on_error: skip)."]);
  });

  test("without test labels there is no test split, and every table is to say so", async () => {
    await writeChexpertMiniature(root, { patients, size: 8, test: "none" });
    const index = await indexOf();
    expect(new Set(index.splits)).toEqual(new Set(["train", "val"]));
    expect(index.notes).toEqual([expect.stringMatching(/^CheXpert without a test split: .*groundtruth\.csv/)]);
  });

  test("images that are missing or damaged are left out where it is told to", async () => {
    await writeChexpertMiniature(root, { patients, size: 8, layout: "kaggle" });
    const ofFront = few.filter(({ name }) => !name.includes("lateral"));
    const [first, second] = ofFront;
    const damaged = ofFront.findLast(({ split }) => split === "train");
    await rm(join(root, "train", first!.name));
    await rm(join(root, "train", second!.name.slice(0, 12)), { recursive: true });
    await writeFile(join(root, "train", damaged!.name), "");
    await expect(indexOf()).rejects.toMatchObject({
      code: "file-missing",
      message: expect.stringContaining(second!.name) as string,
    });
    const present = ofFront.filter(
      ({ name }) => name !== first!.name && name.slice(0, 12) !== second!.name.slice(0, 12),
    );
    const files = (await chexpert.op.sourceFiles?.(paramsFor({ on_error: "skip" }))) ?? [];
    const places = files
      .slice(3)
      .filter(({ isUnreadable }) => isUnreadable !== true)
      .map(({ name }) => name.slice(name.indexOf("patient")));
    expect(places).toEqual(present.map(({ name }) => name));
    const index = await indexOf({ on_error: "skip" });
    expect(index.examples.map(({ id }) => id)).toEqual(
      present.filter((each) => each !== damaged).map(({ name }) => name),
    );
    expect(index.notes).toEqual([expect.stringMatching(/^Left out: 4 files .*1 damaged, 3 missing/)]);
  });
});

describe("faults", () => {
  beforeEach(async () => {
    root = await createFolder();
    await writeChexpertMiniature(root, { patients: { train: 3, val: 2, test: 2 }, size: 4, layout: "kaggle" });
  });
  afterEach(() => rm(root, { recursive: true }));

  test.each<readonly [string, (text: string) => string, RegExp]>([
    [
      "an unknown flag",
      (text) => text.replace(/(AP,[^,]*,[^,]*,)[^,]*/, "$1two"),
      /train.csv line 2, column "Cardiomegaly": .* "two"/,
    ],
    [
      "a path of another form",
      (text) => text.replace("patient00001", "patient1"),
      /line 2: \S+ does not name an image/,
    ],
    ["a view of another name", (text) => text.replace("view1_frontal", "view1_oblique"), /line 2: \S+ does not name/],
    ["a column that is not there", (text) => text.replace("Edema", "Oedema"), /train.csv has no column "Edema"/],
    ["a column that stands twice", (text) => text.replace("Fracture", "edema"), /more than one column "Edema"/],
    ["a row that is cut", (text) => text.slice(0, -12), /line 6 has \d+ cells where the header has 19/],
    [
      "an image that stands twice",
      (text) => text + text.split("\n")[1]!,
      /train.csv line 7: \S+ stands in train.csv line 2/,
    ],
    ["no rows", (text) => text.slice(0, text.indexOf("\n")), /lists no image/],
    ["an empty list", () => "", /has no column "Path"/],
  ])("%s is refused with its place", async (_, change, message) => {
    const path = join(root, "train.csv");
    await writeFile(path, change(await readFile(path, "utf8")));
    await expect(indexOf()).rejects.toMatchObject({
      name: "OpError",
      message: expect.stringMatching(message) as string,
    });
  });

  test("one image in two lists is refused", async () => {
    const train = await readFile(join(root, "train.csv"), "utf8");
    await writeFile(join(root, "valid.csv"), train);
    await expect(indexOf()).rejects.toThrow(/^valid.csv line 2: \S+ stands in train.csv line 2 already/);
  });

  test.each([
    ["train.csv", "list-missing", /^No train.csv lies below .* found CheXpert\/, train\/, valid\/, valid.csv\./],
    ["train", "file-missing", /^train.csv line 2: the image patient00001\/study1\/view1_frontal.jpg is missing/],
  ])("the lack of %s is told", async (name, code, message) => {
    await rm(join(root, name), { recursive: true });
    await expect(indexOf()).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
  });

  test("the lack of validation's list is told by all of its names, and CheXlocalize's will do", async () => {
    await rm(join(root, "valid.csv"));
    expect((await indexOf()).splits).toContain("val");
    await rm(join(root, "CheXpert/val_labels.csv"));
    await expect(indexOf()).rejects.toThrow(/^No valid.csv or val_labels.csv or val.csv lies below/);
  });

  test("a root without patients is told with what lies there", async () => {
    await rm(root, { recursive: true });
    await mkdir(root);
    await writeFile(join(root, "CheXpert-v1.0-small.zip"), "");
    await expect(indexOf()).rejects.toMatchObject({
      code: "images-missing",
      message: `No folder such as patient00001 lies below the root ${root}: found CheXpert-v1.0-small.zip.`,
    });
  });

  test("two copies below one root are refused: lists first, then folders, and no patient is named", async () => {
    await writeChexpertMiniature(join(root, "more"), { patients: { train: 1, val: 1, test: 1 }, test: "none" });
    const failure = await indexOf().catch((error: unknown) => error as Error);
    expect(failure).toMatchObject({
      code: "images-ambiguous",
      message: "more/CheXpert-v1.0-small/train and train hold folders of the same patients.",
    });
    await rename(join(root, "train"), join(root, "..", "train-elsewhere"));
    await rm(join(root, "..", "train-elsewhere"), { recursive: true });
    await rm(join(root, "valid"), { recursive: true });
    await expect(indexOf()).rejects.toMatchObject({ code: "list-ambiguous" });
  });
});

describe("published counts", () => {
  test("hang on projections, classes and what uncertain labels become", () => {
    const published = (params: object) => chexpert.published!(paramsFor(params));
    expect(published({})).toMatchObject({
      images: { train: 191_027, val: 202, test: 518 },
      classes: 5,
      positives: { Edema: { train: 49_675, val: 42 } },
      apart: ["test"],
    });
    expect(published({ uncertain: "class" })).toMatchObject({
      classes: 6,
      positives: { Uncertain: { train: 55_533 } },
    });
    expect(published({ uncertain: "ones", projections: "all", classes: "all" })).toMatchObject({
      images: { train: 223_414, val: 234, test: 668 },
      patients: { train: 64_540, val: 200, test: 500 },
      classes: 14,
      positives: { Edema: { train: 52_246 + 12_984 }, "Support Devices": { train: 116_001 + 1079, val: 107 } },
    });
  });
});

async function indexOf(params: object = {}): Promise<DatasetIndex> {
  return (await chexpert.op.run(contextFor(paramsFor(params)))) as DatasetIndex;
}

function paramsFor(params: object = {}): Readonly<Record<string, unknown>> {
  const defaults = { uncertain: "ignore", blank: "zeros", projections: "frontal", classes: "competition" };
  const reading = { window: null, percentiles: null, on_error: "stop" };
  return { root: { path: root }, ...defaults, ...reading, ...params };
}

function rowsOf({ labels, examples }: DatasetIndex): readonly (readonly number[])[] {
  return examples.map((_, row) => [...labels.values.subarray(row * labels.width, (row + 1) * labels.width)]);
}

function expectedRows(
  rows: readonly ChexpertCase[],
  classes: readonly string[],
  values: Readonly<Record<string, number>>,
): readonly (readonly number[])[] {
  return rows.map(({ cells }) =>
    classes.map((name) => {
      const cell = cells[chexpertColumns.indexOf(name)]!;
      return values[cell] ?? Number(cell);
    }),
  );
}
