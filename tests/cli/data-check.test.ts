import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createWorkplace, type Ended, type Workplace } from "./command-line.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const material = process.env["EXP_MATERIAL"] ?? join(root, "../shared/material");
const isHere = existsSync(join(material, "medmnist/pneumoniamnist.npz"));
if (!isHere) console.warn(`SKIPPED: exp data check on real images, since there are none at ${material}.`);

let place: Workplace;
beforeEach(() => {
  place = createWorkplace();
});
afterEach(() => {
  place.close();
});

interface Checked {
  readonly name: string;
  readonly isFine: boolean;
  readonly failure: { readonly code: string } | null;
  readonly images: Readonly<Record<string, number>>;
  readonly patients: Readonly<Record<string, number>> | null;
  readonly missing: readonly { readonly id: string; readonly split: string; readonly message: string }[];
  readonly unreadable: readonly { readonly id: string; readonly code: string }[];
  readonly identical: readonly { readonly splits: readonly string[]; readonly labelsDiffer: boolean }[];
  readonly [field: string]: unknown;
}

describe("a data set that is as it should be", () => {
  it("is told with its counts, and exits 0 without making a store", async () => {
    place.write("drawn.exp", withTable("drawn", "phantoms { train: 6, val: 2, test: 4, size: 16 }"));
    const { exitCode, out, err } = await place.exp("data", "check", "drawn.exp");
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: "" });
    expect(out).toBe(
      [
        "✓ drawn  phantoms, drawn.exp:3",
        "             train  val  test  all",
        "  images         6    2     4   12",
        "    healthy      3    1     2    6",
        "    lesion       3    1     2    6",
        "  labels     binary, 2 classes",
        "  patients   none named",
        "  pixels     16 x 16; grey, 8 bits",
        "",
      ].join("\n"),
    );
    expect(existsSync(join(place.folder, ".exp"))).toBe(false);
  });

  it("is checked once for each value of an axis that changes it", async () => {
    const program = withTable("drawn", "phantoms { train: 4, val: 2, test: 2, size: 16 }");
    place.write(
      "sizes.exp",
      program
        .replace("dataset: drawn", "dataset: drawn\n  dataset.size: [16, 24]")
        .replace("rows: ", "rows: dataset.size, "),
    );
    const { datasets } = await checkJson("sizes.exp");
    expect(datasets.map(({ name }) => name)).toEqual(["drawn · dataset.size=16", "drawn · dataset.size=24"]);
    expect(datasets.map(({ sizes }) => sizes)).toMatchObject([{ largest: { width: 16 } }, { largest: { width: 24 } }]);
  });

  it("is checked where it is declared only", async () => {
    place.write(
      "only.exp",
      "exp 1\n\ndataset a = phantoms { train: 4, val: 2, test: 2, size: 16 }\n\ndataset b = a { val: 3 }\n",
    );
    const { exitCode, datasets } = await checkJson("only.exp");
    expect(exitCode).toBe(0);
    expect(datasets.map(({ name, images }) => [name, images])).toEqual([
      ["a", { train: 4, val: 2, test: 2, all: 8 }],
      ["b", { train: 4, val: 3, test: 2, all: 9 }],
    ]);
  });
});

describe("images that are missing or unreadable", () => {
  beforeEach(async () => {
    await drawImages("images", ["a", "b", "c", "d", "e", "f"]);
    const whole = readFileSync(join(place.folder, "images/b.png"));
    write("images/b.png", whole.subarray(0, whole.length - 30));
    write("images/text.png", "no image");
    const rows = [
      "a,0,train",
      "b,1,train",
      "gone1,0,train",
      "c,0,val",
      "d,1,val",
      "text,1,test",
      "gone2,0,test",
      "e,1,test",
    ];
    write("list.csv", table("path,label,split", rows));
    place.write(
      "csv.exp",
      withTable("listed", `csv { file: "list.csv", root: "images", path: "path", label: "label", split: "split" }`),
    );
  });

  it("are all told, each with its reason, and exit 1", async () => {
    const { exitCode, out, err } = await place.exp("data", "check", "csv.exp");
    expect({ exitCode, err }).toEqual({ exitCode: 1, err: "" });
    expect(out).toMatch(/^✗ listed {2}csv, csv\.exp:3\n/);
    expect(out).toMatch(/ {2}✗ 2 images are missing:\n.*gone1\.png does not exist.*\n.*gone2\.png does not exist/);
    expect(out).toMatch(
      / {2}✗ 2 images cannot be used:\n.* b\.png cannot be decoded: the file is cut short.*\n.*text\.png .*neither PNG, JPEG, TIFF, DICOM nor a NumPy array/,
    );
    // They are counted among what the data set should hold.
    expect(out).toMatch(/ images +3 +2 +3 +8\n/);
  });

  it("are listed in full as JSON, but ten at most as text", async () => {
    const rows = Array.from({ length: 25 }, (_, index) => `none${index},${index % 2},train`);
    write("list.csv", table("path,label,split", rows));
    const { exitCode, datasets } = await checkJson("csv.exp");
    expect(exitCode).toBe(1);
    expect(datasets[0]).toMatchObject({ isFine: false, failure: null, sizes: null, unreadable: [] });
    expect(datasets[0]?.missing.map(({ id }) => id)).toEqual(rows.map((row) => `${row.split(",")[0] ?? ""}.png`));
    const { out } = await place.exp("data", "check", "csv.exp");
    expect(out.match(/does not exist/g)).toHaveLength(10);
    expect(out).toContain("... and 15 more\n");
  });

  it("keep nothing from the next data set; nor does one whose list is not there", async () => {
    const both = withTable("gone", `csv { file: "nowhere.csv", path: "path", label: "label", split: "split" }`)
      .replace("dataset: gone", "dataset: [gone, drawn]")
      .replace("rows: ", "rows: dataset, ")
      .replace("\nbackbone", "\ndataset drawn = phantoms { train: 4, val: 2, test: 2, size: 16 }\n\nbackbone");
    place.write("both.exp", both);
    const { exitCode, datasets } = await checkJson("both.exp");
    expect(exitCode).toBe(1);
    expect(datasets.map(({ name, isFine, failure }) => [name, isFine, failure?.code ?? null])).toEqual([
      ["gone", false, "file-missing"],
      ["drawn", true, null],
    ]);
  });

  it("in folders are told with whatever else a run would refuse there", async () => {
    await drawImages("set/train/ill", ["a", "b"]);
    await drawImages("set/train/well", ["c"]);
    write("set/train/well/scan.webp", "");
    write("set/train/well/cut.png", readFileSync(join(place.folder, "set/train/ill/a.png")).subarray(0, 60));
    await drawImages("set/test/ill", ["e"]);
    mkdirSync(join(place.folder, "set/test/well"));
    place.write("folder.exp", withTable("folders", `image_folder { root: "set" }`));
    const { exitCode, datasets } = await checkJson("folder.exp");
    expect(exitCode).toBe(1);
    expect(datasets[0]).toMatchObject({
      problems: [{ code: "image-unsupported" }, { code: "class-folder-empty" }],
      missing: [],
      unreadable: [{ id: "train/well/cut.png", split: "train", code: "image-damaged" }],
      lacking: [
        { split: "test", name: "ill", lacks: "negatives" },
        { split: "test", name: "well", lacks: "positives" },
      ],
    });
  });
});

describe("what is in two splits", () => {
  const dataset = `csv { file: "list.csv", root: "images", path: "path", label: "label", split: "split", group: "patient" }`;

  beforeEach(async () => {
    await drawImages("images", ["a", "b", "c", "d", "e"]);
    // Copies: of `a` within train and in test under another label, of `b` in val.
    for (const [copy, of] of [
      ["a2", "a"],
      ["a3", "a"],
      ["b2", "b"],
    ] as const) {
      write(`images/${copy}.png`, readFileSync(join(place.folder, `images/${of}.png`)));
    }
    write(
      "list.csv",
      table("path,label,split,patient", [
        ...["a,0,train,jones", "a2,0,train,jones", "b,1,train,smith", "c,1,train,miller"],
        ...["b2,1,val,taylor", "d,0,val,brown", "a3,1,test,wood", "e,0,test,miller"],
      ]),
    );
  });

  it("is refused by default: told by groups, with labels that contradict, exit 1, and no patient is named", async () => {
    place.write("leaks.exp", withTable("leaking", dataset));
    const { exitCode, datasets, out: json } = await checkJson("leaks.exp");
    expect(exitCode).toBe(1);
    expect(datasets[0]).toMatchObject({
      isFine: false,
      leakRules: [{ leaks: "error", reason: null }],
      patients: { train: 3, val: 2, test: 2, all: 6 },
      identical: [
        {
          splits: ["train", "test"],
          labelsDiffer: true,
          images: [{ id: "a.png" }, { id: "a2.png" }, { id: "a3.png" }],
        },
        { splits: ["train", "val"], labelsDiffer: false, images: [{ id: "b.png" }, { id: "b2.png" }] },
      ],
      repeats: [{ split: "train", shared: 1, images: 2, contradictions: 0 }],
    });
    const { exitCode: textCode, out } = await place.exp("data", "check", "leaks.exp");
    expect(textCode).toBe(1);
    expect(out).toMatch(
      /✗ 1 identical image in both train and test .* 1 labelled differently:\n +a\.png = a2\.png = a3\.png\n/,
    );
    expect(out).toMatch(/✗ \d patients? in both train and test /);
    expect(out).toContain("a run would refuse this (`leaks: error`)");
    expect(out).toMatch(/! 1 image more than once in train \(2 copies\):\n +a\.png = a2\.png\n/);
    expect(json + out).not.toMatch(/jones|smith|miller|taylor|brown|wood|hash/);
  });

  it.each([
    ["drop", `leaks: drop`, /! the program drops what is in a later split too: 4 images of train\n/],
    ["allow", `leaks: allow, leaks_reason: "it is known"`, /! the program allows this: it is known\n/],
  ])("is fine where the program says `leaks: %s`", async (_, field, text) => {
    place.write("handled.exp", withTable("leaking", dataset.replace(" }", `, ${field} }`)));
    const { exitCode, out } = await place.exp("data", "check", "handled.exp");
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^✓ leaking/);
    expect(out).toMatch(text);
    expect(out).not.toContain("✗");
  });
});

it("refuses another action, a program that is wrong, and one without a data set, with exit code 2", async () => {
  place.write(
    "none.exp",
    "exp 1\n\nbackbone b = vit { weights: random(1), image_size: 64, patch_size: 8, width: 64, depth: 2, heads: 2 }\n",
  );
  place.write("wrong.exp", "exp 1\ndataset d = nothing {}\n");
  expect(await place.exp("data", "list", "none.exp")).toMatchObject({ exitCode: 2, out: "" });
  expect((await place.exp("data", "list", "none.exp")).err).toContain('`exp data` knows "check"');
  expect(await place.exp("data", "check", "wrong.exp")).toMatchObject({ exitCode: 2, out: "" });
  const none = await place.exp("data", "check", "none.exp");
  expect(none.exitCode).toBe(2);
  expect(none.err).toContain("none.exp declares no data set.");
});

it("ends with 130 at Ctrl-C, and says nothing on standard output", async () => {
  place.write("large.exp", withTable("drawn", "phantoms { train: 20000, val: 2, test: 2, size: 128 }"));
  let isStopped = false;
  const ended = await place.start(["data", "check", "large.exp"], (text, child) => {
    // The first word on how far it is.
    if (!isStopped && text.includes(" of 20,004 ...")) isStopped = child.kill("SIGINT");
  });
  expect(isStopped).toBe(true);
  expect(ended).toMatchObject({ exitCode: 130, out: "" });
});

describe.skipIf(!isHere)("on real images", () => {
  it("finds PneumoniaMNIST as it was published, with 8 images of train again in val", async () => {
    place.write("real.exp", withTable("pneumonia", `medmnist { file: "${material}/medmnist/pneumoniamnist.npz" }`));
    const { exitCode, datasets } = await checkJson("real.exp");
    expect(exitCode).toBe(1);
    expect(datasets[0]).toMatchObject({
      images: { train: 4708, val: 524, test: 624, all: 5856 },
      published: { name: "pneumoniamnist", classes: 2, differences: [] },
      leaks: [{ kind: "image", earlier: "train", later: "val", shared: 8 }],
      sizes: { smallest: { width: 28, height: 28 }, largest: { width: 28, height: 28 } },
      missing: [],
      unreadable: [],
    });
  });

  it("finds 30 groups of identical images over both splits of the brain tumours, and 24 within one", async () => {
    const dataset = `image_folder { root: "${material}/brain-tumor-mri", leaks: drop }`;
    place.write("real.exp", withTable("tumours", dataset));
    const { exitCode, datasets } = await checkJson("real.exp");
    expect(exitCode).toBe(0);
    const across = datasets[0]?.identical.filter(({ splits }) => splits.length > 1) ?? [];
    expect(across).toHaveLength(30);
    expect(datasets[0]?.identical).toHaveLength(54);
    expect(across.every(({ splits }) => splits.join() === "train,test")).toBe(true);
    expect(datasets[0]).toMatchObject({ images: { all: 663 }, isFine: true });
  });
});

async function checkJson(file: string): Promise<Ended & { readonly datasets: readonly Checked[] }> {
  const ended = await place.exp("data", "check", file, "--json", "--quiet");
  expect(ended.err).toBe("");
  const { version, datasets } = JSON.parse(ended.out) as { version: number; datasets: Checked[] };
  expect(version).toBe(1);
  return { ...ended, datasets };
}

/** A program with one data set and a table that asks for it. */
function withTable(name: string, dataset: string): string {
  return `exp 1

dataset ${name} = ${dataset}

backbone fine = vit { weights: random(1), image_size: 64, patch_size: 8, width: 64, depth: 2, heads: 2 }

head near = knn { k: 5 }

sweep all {
  dataset: ${name}
  backbone: [fine]
  head: [near]
}

table "Small" {
  from: all
  rows: backbone
  cells: test.accuracy
}
`;
}

/** A CSV file; the images of the first column are named without their ending. */
function table(header: string, rows: readonly string[]): string {
  return `${header}\n${rows.map((row) => row.replace(",", ".png,")).join("\n")}\n`;
}

function write(name: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(place.folder, name)), { recursive: true });
  writeFileSync(join(place.folder, name), content);
}

/** Grey images of 8 x 6 pixels, none like another. */
async function drawImages(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const value = name.charCodeAt(0);
    const pixels = Uint8Array.from({ length: 48 }, (_, index) => (value * 7 + index * 5) % 256);
    const png = await sharp(pixels, { raw: { width: 8, height: 6, channels: 1 } })
      .toColourspace("b-w")
      .png()
      .toBuffer();
    write(`${folder}/${name}.png`, png);
  }
}
