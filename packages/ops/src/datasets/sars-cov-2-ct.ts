import type { OpSignature } from "@exp-lab/dsl";
import { paramsOf } from "../op-context.ts";
import type { DatasetFormat } from "./dataset-format.ts";
import { share, splitByPlace, type SplitRule } from "./evenly-spaced.ts";
import { fileDataset } from "./file-dataset.ts";
import { describePartial } from "./partial-set.ts";
import { readingFacts, readingParams } from "./reading-params.ts";
import { listCtPatients, patientClasses, type CtPatient } from "./sars-cov-2-ct-patients.ts";

const signature = {
  name: "sars_cov_2_ct",
  version: 1,
  summary: "CT slices of 210 patients, 80 with COVID-19, by patients (a large multiclass dataset of CT scans).",
  use: "constructor",
  role: "dataset",
  params: {
    root: {
      type: "directory",
      summary:
        "The folder that holds Covid, Healthy and Others, or the folder New_Data_CoV2 with them: a folder of numbered PNG slices for each patient.",
    },
    classes: {
      type: "choice",
      choices: ["binary", "three"],
      summary: "Covid against all others, or Covid, Healthy and Others (other lung diseases) apart.",
      default: "binary",
    },
    split: {
      type: "choice",
      choices: ["study", "within_classes"],
      summary:
        "Patients at even steps, 90 of 210 train, 50 val, 70 test: over all of them one class after another, or over each class by itself.",
      default: "study",
    },
    ...readingParams,
  },
  inputs: {},
  output: "dataset",
  facts: {
    ...readingFacts,
    labels: [{ is: "single-label" }],
    patients: [{ is: true }],
    bags: [{ is: true }],
  },
} as const satisfies OpSignature;

/** Of 210 patients: test is every third, val 50 of the 140 that are left, every 2.8th. */
const rule: SplitRule = { test: share(70, 210), val: share(50, 140) };
const publishedPatients = 210;

/**
 * A patient is a folder of a class, and the bag of its slices, which are ordered by their numbers. Binary: class 1 is Covid.
 *
 * There is no published split. The split of Baharoon et al. (2023) numbers the patients Covid, Healthy, Others and picks them at
 * even steps; within a class their order was that in which the directory happened to be listed, which cannot be had again. Here
 * patients stand in the order of their folders' names, numbers by value: the same rule and the same counts, other patients.
 */
export const sarsCov2Ct: DatasetFormat = fileDataset({
  signature,
  root: (params) => paramsOf(signature, { params }).root.path,
  list: async (given, onProblem) => {
    const { root, classes, split } = paramsOf(signature, { params: given });
    const patients = await listCtPatients(root.path, onProblem);
    const splits = split === "study" ? splitByPlace(patients.length, rule) : splitEachClass(patients);
    const rows = patients.flatMap((patient, place) =>
      patient.slices.map((slice) => ({ patient, slice, split: splits[place]! })),
    );
    return {
      problem: classes === "binary" ? "binary" : "multi-class",
      classNames: classes === "binary" ? ["not Covid", "Covid"] : patientClasses,
      labels: { width: 1, values: Int32Array.from(rows, ({ patient }) => labelOf(patient, classes)) },
      images: rows.map(({ patient, slice, split: ofSlice }) => ({
        ...{ name: `${patient.name}/${slice}`, locator: `${patient.folder}/${slice}`, split: ofSlice },
        ...{ patient: patient.name, bag: patient.name },
      })),
      notes: describePartial({ found: patients.length, published: publishedPatients, unit: "patients" }),
    };
  },
  published: (params) => {
    const { classes, split } = paramsOf(signature, { params });
    return {
      name: "the COVID multiclass dataset of CT scans",
      // The paper counts 4,173 slices.
      source: "Soares et al. (2023), for slices its release on Kaggle",
      images: { all: 4171 },
      classes: classes === "binary" ? 2 : 3,
      patients: { ...(split === "study" && { train: 90, val: 50, test: 70 }), all: publishedPatients },
    };
  },
  descriptions: [
    {
      title: "A COVID multiclass dataset of CT scans",
      modality: "chest CT, slices",
      task: "COVID-19 or not, binary, by patients; or COVID-19, healthy, other lung diseases",
      images: 4173,
      patients: publishedPatients,
      licence: "not stated",
      size: null,
      source: "https://www.kaggle.com/datasets/plameneduardo/a-covid-multiclass-dataset-of-ct-scans",
      citation:
        "Soares E, Angelov P, Biaso S, Cury M, Abe D. A large multiclass dataset of CT scans for COVID-19 identification. Evolving Systems 15:635-640 (2024), doi 10.1007/s12530-023-09511-2",
      splits: "by rule: patients at even steps, 90 train, 50 val, 70 test",
    },
  ],
});

function labelOf({ className }: CtPatient, classes: "binary" | "three"): number {
  return classes === "binary" ? Number(className === "Covid") : patientClasses.indexOf(className);
}

/** The same shares of each class. */
function splitEachClass(patients: readonly CtPatient[]): ReturnType<typeof splitByPlace> {
  return patientClasses.flatMap((className) =>
    splitByPlace(patients.filter((patient) => patient.className === className).length, rule),
  );
}
