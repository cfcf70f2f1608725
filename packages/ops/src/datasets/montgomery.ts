import type { OpSignature } from "@exp-lab/dsl";
import { paramsOf } from "../op-context.ts";
import type { DatasetFormat } from "./dataset-format.ts";
import { fileDataset } from "./file-dataset.ts";
import { listNlmImages, nlmTerms, type NlmSet } from "./nlm-x-rays.ts";
import { readingFacts, readingParams } from "./reading-params.ts";

const signature = {
  name: "montgomery",
  version: 1,
  summary: "Montgomery County chest X-rays, normal or with tuberculosis: 138 images of 135 patients.",
  use: "constructor",
  role: "dataset",
  params: {
    root: {
      type: "directory",
      summary:
        "The folder that the download was unpacked into: its images MCUCXR_NNNN_L.png lie in a folder CXR_png (MontgomerySet/CXR_png, also three folders down) or images (copies on Kaggle), or in the root itself.",
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
  title: "Montgomery County set",
  prefix: "MCUCXR",
  published: { patients: 135 },
  patientOf: (image) => samePatients.get(image) ?? image,
};

/**
 * Images of a patient who has an earlier one: the clinical readings of 0117, 0166 and 0170 call them the same patients as 0113
 * and 0162.
 */
const samePatients: ReadonlyMap<number, number> = new Map([
  [117, 113],
  [166, 162],
  [170, 162],
]);

/**
 * The label is the last digit of a file's name, the patient its number, but for two patients with several images (two of 0113 and
 * three of 0162, by the set's clinical readings). There is no published split; of each class, in the order of numbers, every
 * fifth patient is test, and every fifth of the rest val.
 */
export const montgomery: DatasetFormat = fileDataset({
  signature,
  root: (params) => paramsOf(signature, { params }).root.path,
  list: (params, onProblem) => listNlmImages(paramsOf(signature, { params }).root.path, set, onProblem),
  published: () => ({
    name: "the Montgomery County set",
    source: "Jaeger et al. (2014), for patients and splits by the rules of `montgomery`",
    images: { all: 138 },
    classes: 2,
    patients: { train: 86, val: 22, test: 27, all: 135 },
    positives: { normal: { all: 80 }, tuberculosis: { all: 58 } },
  }),
  descriptions: [
    {
      title: "Montgomery County chest X-ray set",
      ...nlmTerms,
      images: 138,
      patients: 135,
      size: "0.6 GB",
      source:
        "https://data.lhncbc.nlm.nih.gov/public/Tuberculosis-Chest-X-ray-Datasets/Montgomery-County-CXR-Set/MontgomerySet/index.html",
    },
  ],
});
