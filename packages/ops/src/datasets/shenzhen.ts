import type { OpSignature } from "@exp-lab/dsl";
import { paramsOf } from "../op-context.ts";
import type { DatasetFormat } from "./dataset-format.ts";
import { fileDataset } from "./file-dataset.ts";
import { listNlmImages, nlmTerms, type NlmSet } from "./nlm-x-rays.ts";
import { readingFacts, readingParams } from "./reading-params.ts";

const signature = {
  name: "shenzhen",
  version: 1,
  summary: "Shenzhen Hospital chest X-rays, normal or with tuberculosis: 662 images.",
  use: "constructor",
  role: "dataset",
  params: {
    root: {
      type: "directory",
      summary:
        "The folder that the download was unpacked into: its images CHNCXR_NNNN_L.png lie in a folder CXR_png (ChinaSet_AllFiles/CXR_png, also three folders down) or images (copies on Kaggle), or in the root itself.",
    },
    ...readingParams,
  },
  inputs: {},
  output: "dataset",
  facts: {
    ...readingFacts,
    labels: [{ is: "single-label" }],
    patients: [{ is: true }],
    bags: [{ is: false }],
  },
} as const satisfies OpSignature;

const set: NlmSet = {
  title: "Shenzhen Hospital set",
  prefix: "CHNCXR",
  published: { patients: 662 },
  patientOf: (image) => image,
};

/**
 * The label is the last digit of a file's name, the patient its number: the set names no patients, and its clinical readings tell of
 * no two images of one. Most files are palettes, some of them of a falling ramp; they are read through their palettes. There is
 * no published split; of each class, in the order of numbers, every fifth image is test, and every fifth of the rest val.
 */
export const shenzhen: DatasetFormat = fileDataset({
  signature,
  root: (params) => paramsOf(signature, { params }).root.path,
  list: (params, onProblem) => listNlmImages(paramsOf(signature, { params }).root.path, set, onProblem),
  published: () => ({
    name: "the Shenzhen Hospital set",
    source: "its ReadMe, for the splits by the rule of `shenzhen`",
    images: { train: 422, val: 106, test: 134, all: 662 },
    classes: 2,
    positives: { normal: { all: 326 }, tuberculosis: { all: 336 } },
  }),
  descriptions: [
    {
      title: "Shenzhen Hospital chest X-ray set",
      ...nlmTerms,
      images: 662,
      patients: 662,
      size: "3.8 GB",
      source:
        "https://data.lhncbc.nlm.nih.gov/public/Tuberculosis-Chest-X-ray-Datasets/Shenzhen-Hospital-CXR-Set/index.html",
    },
  ],
});
