import type { OpSignature } from "@exp-lab/dsl";
import { paramsOf } from "../op-context.ts";
import { chexpertClasses, competitionClasses } from "./chexpert-labels.ts";
import { listChexpert } from "./chexpert-listing.ts";
import { publishedChexpert } from "./chexpert-published.ts";
import type { DatasetDescription } from "./dataset-description.ts";
import type { DatasetFormat } from "./dataset-format.ts";
import { fileDataset } from "./file-dataset.ts";
import { readingFacts, readingParams } from "./reading-params.ts";

const signature = {
  name: "chexpert",
  version: 1,
  summary:
    "CheXpert (full or small): 224,316 chest X-rays of 65,240 patients with 14 observations, in CheXpert's own splits.",
  use: "constructor",
  role: "dataset",
  params: {
    root: {
      type: "directory",
      summary:
        "The folder with train.csv, valid.csv and the images (CheXpert-v1.0, CheXpert-v1.0-small, AIMI's batches, or a mirror), found by their names in whatever folders they lie; for a test split also the test images and test_labels.csv of CheXlocalize or groundtruth.csv.",
    },
    uncertain: {
      type: "choice",
      choices: ["ignore", "zeros", "ones", "class"],
      summary:
        "What -1 becomes: unknown, so that neither fits nor scores of that class count the image; 0; 1; or 0 and a last class Uncertain, which an image has if any of its classes is -1.",
      default: "ignore",
    },
    blank: {
      type: "choice",
      choices: ["zeros", "ignore"],
      summary:
        "What an empty cell becomes: 0, as in CheXpert's own baselines, for a report that does not mention a finding seldom means that there is one; or unknown, which leaves few negatives.",
      default: "zeros",
    },
    projections: {
      type: "choice",
      choices: ["frontal", "all"],
      summary: "Frontal images only, or lateral ones too.",
      default: "frontal",
    },
    classes: {
      type: "choice",
      choices: ["competition", "all"],
      summary: "The five classes of CheXpert's competition, or all 14.",
      default: "competition",
    },
    ...readingParams,
  },
  inputs: {},
  output: "dataset",
  facts: { ...readingFacts, labels: [{ is: "multi-label" }], patients: [{ is: true }], bags: [{ is: false }] },
} as const satisfies OpSignature;

const description: DatasetDescription = {
  title: "CheXpert",
  modality: "X-ray",
  task: "14 observations (5 in its competition), multi-label",
  images: 224_316,
  patients: 65_240,
  licence: "Stanford's research use agreement: registration, non-commercial, no redistribution",
  size: "439 GB (small version: 11 GB)",
  source: "https://stanfordaimi.azurewebsites.net/datasets/8cbd9ed4-2eb9-4565-affc-111cf4f7ebe2",
  citation:
    "Irvin J, Rajpurkar P, Ko M, et al. CheXpert: A Large Chest Radiograph Dataset with Uncertainty Labels and Expert Comparison. AAAI 2019",
  splits:
    "CheXpert's train and valid; test with the images of CheXlocalize and the test labels, which are a download apart",
};

/**
 * Classes and images are in the order of CheXpert's lists. An example's id is its path from `patientNNNNN` on, the same in every
 * release; its locator is the place where it lies. Test labels by study (`groundtruth.csv`) are those of all images of the study.
 */
export const chexpert: DatasetFormat = fileDataset({
  signature,
  root: (params) => paramsOf(signature, { params }).root.path,
  list: (given) => {
    const { root, classes, on_error, ...reading } = paramsOf(signature, { params: given });
    return listChexpert({
      ...{ ...reading, root: root.path, classes: classesOf(classes), isSkipping: on_error === "skip" },
    });
  },
  published: (params) => {
    const { classes, ...reading } = paramsOf(signature, { params });
    return publishedChexpert({ ...reading, classes: classesOf(classes) });
  },
  descriptions: [description],
});

function classesOf(choice: "competition" | "all"): readonly string[] {
  return choice === "all" ? chexpertClasses : competitionClasses;
}
