import type { OpSignature } from "@exp-lab/dsl";
import { basename, join } from "node:path";
import { paramsOf, type SourceFile } from "../op-context.ts";
import type { ParamsOf } from "../op.ts";
import type { DatasetDescription } from "./dataset-description.ts";
import type { DatasetFormat } from "./dataset-format.ts";
import { fileDataset } from "./file-dataset.ts";
import { readSourceFile } from "./file-images.ts";
import type { ListedImages } from "./listed-images.ts";
import { findNihFiles } from "./nih-files.ts";
import { nihLabels, nihPatient, noFinding, readNihLabels, type NihRow } from "./nih-labels.ts";
import { publishedNih } from "./nih-published.ts";
import { nihSplits, readNihList } from "./nih-splits.ts";
import { readingFacts, readingParams } from "./reading-params.ts";

const signature = {
  name: "nih_chest_xray14",
  version: 1,
  summary: "NIH ChestX-ray14: 112,120 frontal chest X-rays with up to 14 findings each, split by NIH's own lists.",
  use: "constructor",
  role: "dataset",
  params: {
    root: {
      type: "directory",
      summary:
        "The folder with Data_Entry_2017*.csv, train_val_list.txt, test_list.txt and the unpacked images, which are found by their names in whatever folders they lie: images/, images_001/images/ to images_012/images/, images-224/ and so on.",
    },
    images: {
      type: "directory",
      summary: "The folder of the images, where they lie elsewhere or in two sizes; by default the root.",
      default: null,
    },
    labels: {
      type: "file",
      summary: "The CSV of labels, where there are several; by default the Data_Entry_2017*.csv below the root.",
      default: null,
    },
    val: {
      type: "choice",
      choices: ["baharoon2023", "patients", "none"],
      summary:
        "The validation split, of train_val_list.txt: the patients from 25513 on, which are its last 10,002 images (as in arXiv 2312.02366); or every eighth patient by number; or none. No patient is in two splits.",
      default: "baharoon2023",
    },
    no_finding: {
      type: "choice",
      choices: ["none", "class"],
      summary: "What `No Finding` is: an image with none of the 14 classes, or a 15th class between Mass and Nodule.",
      default: "none",
    },
    ...readingParams,
  },
  inputs: {},
  output: "dataset",
  facts: { ...readingFacts, labels: [{ is: "multi-label" }], patients: [{ is: true }], bags: [{ is: false }] },
} as const satisfies OpSignature;

type NihParams = ParamsOf<(typeof signature)["params"]>;

const description: DatasetDescription = {
  title: "NIH ChestX-ray14",
  modality: "X-ray",
  task: "14 findings, multi-label",
  images: 112_120,
  patients: 30_805,
  licence: "free use with acknowledgement of the NIH Clinical Center, a link to the source and the citation",
  size: "42 GB",
  source: "https://nihcc.app.box.com/v/ChestXray-NIHCC",
  citation:
    "Wang X, Peng Y, Lu L, Lu Z, Bagheri M, Summers RM. ChestX-ray8: Hospital-scale Chest X-ray Database and Benchmarks on Weakly-Supervised Classification and Localization of Common Thorax Diseases. CVPR 2017, 3462-3471",
  splits: "test by NIH's list (25,596 images); validation from its other list by patients",
};

/**
 * Classes are in the order of code units, images in that of the CSV file. An example's id is its image's name, its locator the place
 * where that was found. The patient is the number that begins the name.
 */
export const nihChestXray14: DatasetFormat = fileDataset({
  signature,
  root: (params) => imagesRoot(paramsOf(signature, { params })),
  list: async (given, onProblem): Promise<ListedImages> => {
    const params = paramsOf(signature, { params: given });
    const { root, images, labels, val, no_finding } = params;
    const found = await findNihFiles({
      ...{ root: root.path, images: images?.path ?? null, hasLabels: labels !== null },
    });
    const labelFile = found.labels === null ? (labels?.path ?? "") : join(root.path, found.labels);
    const [trainVal, test] = [sourceFile(root.path, found.trainVal), sourceFile(root.path, found.test)];
    const rows = readNihLabels(labelFile, await readSourceFile({ name: basename(labelFile), path: labelFile }));
    const lists = {
      trainVal: readNihList(trainVal.path, await readSourceFile(trainVal)),
      test: readNihList(test.path, await readSourceFile(test)),
    };
    const splits = nihSplits(rows, lists, { val, onProblem });
    return {
      problem: "multi-label",
      ...flagsOf(rows, no_finding === "class"),
      images: rows.map(({ name, line }, row) => ({
        ...{ name, locator: found.images.get(name) ?? null, split: splits[row]! },
        ...{ patient: String(nihPatient(name)), place: `${basename(labelFile)} line ${String(line)}` },
      })),
      lists: [...(found.labels === null ? [] : [sourceFile(root.path, found.labels)]), trainVal, test],
    };
  },
  published: (params) => {
    const { val, no_finding } = paramsOf(signature, { params });
    return publishedNih(val, no_finding === "class");
  },
  descriptions: [description],
});

function imagesRoot({ root, images }: NihParams): string {
  return images === null ? root.path : images.path;
}

/** Named without its folder, so that the same list is the same in every layout. */
function sourceFile(root: string, place: string): SourceFile {
  return { name: basename(place), path: join(root, place) };
}

function flagsOf(rows: readonly NihRow[], hasNoFinding: boolean): Pick<ListedImages, "classNames" | "labels"> {
  const bits = nihLabels.flatMap((name, bit) => (hasNoFinding || name !== noFinding ? [bit] : []));
  const values = new Int32Array(rows.length * bits.length);
  rows.forEach(({ labels }, row) => {
    bits.forEach((bit, place) => {
      values[row * bits.length + place] = (labels >> bit) & 1;
    });
  });
  return { classNames: bits.map((bit) => nihLabels[bit]!), labels: { width: bits.length, values } };
}
