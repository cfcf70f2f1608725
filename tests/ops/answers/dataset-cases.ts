import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { zipSync } from "fflate";
import type { DatasetIndex } from "../../../packages/ops/src/artifacts/dataset.ts";
import { npyBytes } from "../npy-testing.ts";
import { given } from "./given.ts";
import type { OpCases } from "./lock-op.ts";
import { writeNamedSetCases } from "./named-set-cases.ts";

/** What is asked of the data sets, of `audit` and of `split`. Image files are any bytes here: an index digests them unread. */
export async function writeDatasetCases(folder: string): Promise<Readonly<Record<string, OpCases>>> {
  await Promise.all(
    ["a", "b", "c", "d", "e"].flatMap((name, index) => {
      const split = ["train", "Val", "testing"][index % 3] ?? "";
      return [`${name}.png`, `${split}/${String(9 + (index % 2))}/${name}.png`].map((path) =>
        write(join(folder, "images", path), `image ${name}`),
      );
    }),
  );
  return {
    csv: await writeCsvCases(folder),
    image_folder: {
      "numbered classes": { params: { root: { path: join(folder, "images") } } },
      "classes in another order": { params: { root: { path: join(folder, "images") }, classes: ["10", "9"] } },
    },
    medmnist: {
      "two classes": { params: { file: { path: await writeArchive(folder, "two", 1, [1, 0, 1, 0]) } } },
      "named labels, several an image": {
        params: {
          file: { path: await writeArchive(folder, "several", 3, [1, 0, 1, 0, 0, 0, 1, 1, 1, 0, 1, 0]) },
          classes: ["mass", "edema", "nodule"],
        },
      },
    },
    phantoms: {
      "a few of the defaults": { params: { train: 4, val: 2, test: 3, size: 16 } },
      "another seed, less variation": {
        params: { train: 2, val: 0, test: 2, size: 24, seed: 5, variation: 0.25, noise: 3, contrast: 120 },
      },
    },
    audit: {
      dropped: { params: { leaks: "drop" }, inputs: { dataset: given("dataset", patients) } },
      allowed: {
        params: { leaks: "allow", leaks_reason: "It is made up." },
        inputs: { dataset: given("dataset", patients) },
      },
    },
    split: splitCases(),
    ...(await writeNamedSetCases(folder)),
  };
}

/** Two images of every patient; one image is in two splits, and so is a patient. */
const patients: DatasetIndex = {
  problem: "binary",
  classNames: ["well", "ill"],
  examples: Array.from({ length: 16 }, (_, index) => ({
    id: `image ${String(index)}`,
    digest: `digest ${String(index === 15 ? 0 : index)}`,
    locator: String(index),
    group: index === 7 ? null : `patient ${String(Math.floor(index / 2))}`,
  })),
  labels: { width: 1, values: Int32Array.from({ length: 16 }, (_, index) => (index % 3 === 0 ? 1 : 0)) },
  splits: Array.from({ length: 16 }, (_, index) => (index < 11 ? "train" : index < 13 ? "val" : "test")),
};

function splitCases(): OpCases {
  const inputs = { audited: given("audited", { ...patients, notes: ["Leaks: 1 image of train."] }) };
  const whole = ["train", "val", "test", "train+val", "fold 2/3", "rest 2/3"].map((split) => [
    split,
    { params: { split }, inputs },
  ]);
  const few = { shots: 2, draw: 1 };
  return {
    ...(Object.fromEntries(whole) as OpCases),
    "few images": { params: { split: "train", ...few }, inputs },
    "few patients, a fold": { params: { split: "rest 1/2", ...few, shots: 3, shots_of: "patients" }, inputs },
    "the first of each class": { params: { split: "train", ...few, draw_order: "first" }, inputs },
    "as many of validation": { params: { split: "val", ...few, shots: 1, shots_val: "matched" }, inputs },
    "all of validation": { params: { split: "val", ...few }, inputs },
    "few, and validation": { params: { split: "train+val", ...few, shots_refit_val: true }, inputs },
    "stored views": { params: { split: "train", views: 3, view_seed: 2 }, inputs },
    "views of classes that a mirror swaps": {
      params: { split: "train", ...few, views: 3, mirror_pairs: [["ill", "well"]] },
      inputs,
    },
    "fresh views": {
      params: { split: "train", ...few, views: -1, view_ops: ["vertical_flip"], fresh_views: 2 },
      inputs,
    },
  };
}

async function writeCsvCases(folder: string): Promise<OpCases> {
  const rows = ["a.png,ill,train,P7,1,0", "./b.png,well,test,P7,0,1", "c.png,ill,val,P9,1,1"];
  const file = { path: join(folder, "images", "list.csv") };
  await write(file.path, `img,class,part,patient,mass,edema\n${rows.join("\n")}\n`);
  const findings = { path: join(folder, "images", "findings.csv") };
  await write(findings.path, "img,part,findings\na.png,train,Mass|Edema\nb.png,test,No Finding\nd.png,val,Mass\n");
  const uncertain = { path: join(folder, "images", "uncertain.csv") };
  await write(uncertain.path, "img,part,mass,edema\na.png,train,-1.0,1.0\nb.png,test,,-1\nd.png,val,0,1\n");
  const columns = { file, path: "img", split: "part" };
  return {
    "one label, patients": { params: { ...columns, label: "class", group: "patient" } },
    "classes in another order": { params: { ...columns, label: "class", classes: ["well", "ill"] } },
    "columns of flags": { params: { ...columns, labels: ["edema", "mass"] } },
    "uncertain flags": {
      params: { ...columns, file: uncertain, labels: ["edema", "mass"], uncertain: "ignore", blank: "zeros" },
    },
    "a class of uncertain flags": {
      params: { ...columns, file: uncertain, labels: ["edema", "mass"], uncertain: "class", blank: "zeros" },
    },
    bags: { params: { ...columns, label: "class", bag: "patient" } },
    "values between separators": {
      params: { ...columns, file: findings, labels: ["findings"], separator: "|", none: "No Finding" },
    },
  };
}

/** Two images of training, one of validation and one of test, 2 by 3 pixels. */
async function writeArchive(folder: string, name: string, width: number, labels: readonly number[]): Promise<string> {
  const path = join(folder, `${name}.npz`);
  const splits = [
    { split: "train", from: 0, count: 2 },
    { split: "val", from: 2, count: 1 },
    { split: "test", from: 3, count: 1 },
  ];
  const arrays = splits.flatMap(({ split, from, count }) => {
    const pixels = Uint8Array.from({ length: count * 6 }, (_, index) => 11 * from + 7 * index);
    const flags = Uint8Array.from(labels.slice(from * width, (from + count) * width));
    return [
      [`${split}_images.npy`, npyBytes("|u1", [count, 2, 3], pixels)],
      [`${split}_labels.npy`, npyBytes("|u1", [count, width], flags)],
    ] as const;
  });
  await writeFile(path, zipSync(Object.fromEntries(arrays)));
  return path;
}

async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
