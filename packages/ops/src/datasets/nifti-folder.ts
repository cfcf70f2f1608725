import type { OpSignature } from "@exp-lab/dsl";
import { anatomicalAxes } from "../formats/volume/volume.ts";
import { paramsOf } from "../op-context.ts";
import type { DatasetFormat } from "./dataset-format.ts";
import { labelsTableParams, onlyWithTable, splitFolderParams } from "./labels-table-params.ts";
import { isVolumeName, niftiPatient, requireNiftiName, volumeName } from "./nifti-folder-names.ts";
import { openNiftiSlices } from "./nifti-folder-slices.ts";
import { readingFacts, readingParams, windowOf } from "./reading-params.ts";
import type { SliceFacts } from "./slice-format.ts";
import { slicedDataset } from "./sliced-dataset.ts";

const signature = {
  name: "nifti_folder",
  version: 1,
  summary: "Slices of NIfTI volumes at any depth below a folder, labelled by a table or by root/SPLIT/CLASS.",
  use: "constructor",
  role: "dataset",
  params: {
    root: {
      type: "directory",
      summary:
        "The folder with .nii and .nii.gz files. Images are called by their paths, so no path should name a patient.",
    },
    ...labelsTableParams,
    key: {
      type: "choice",
      choices: ["path", "name"],
      summary: "What a row of the table names: a path relative to the root, or a file without folders and ending.",
      default: "path",
    },
    group: {
      type: "string",
      summary: "The table's column of patients; by default what `patient` says.",
      default: null,
    },
    patient: {
      type: "choice",
      choices: ["file", "folder"],
      summary:
        "What stands for a patient: a file's name without folders and ending, or the outermost folder below the root (without a table: below the class). Without splits in table or folders it has to be said, or `group`; else it is the file.",
      default: null,
    },
    ...splitFolderParams,
    axis: {
      type: "choice",
      choices: anatomicalAxes,
      summary: "What slices are perpendicular to; they are upright, and never resampled.",
      default: "axial",
    },
    every: { type: "integer", summary: "Every n-th slice is an image, from the first on.", min: 1, default: 1 },
    frame: {
      type: "integer",
      summary: "Of 4-D files: which time point or channel, counted from 0. They are refused unless it is said.",
      min: 0,
      default: null,
    },
    bag: {
      type: "choice",
      choices: ["volume", "none"],
      summary: "What slices are instances of.",
      default: "volume",
    },
    ...readingParams,
    window: {
      ...readingParams.window,
      summary:
        "[lowest, highest] value to be told apart, in the files' units (Hounsfield units in CT); what is beyond becomes black or white. By default each volume's own lowest and highest value, the same for all of its slices.",
    },
    percentiles: {
      ...readingParams.percentiles,
      summary: "The same by percentiles of each slice's own values, e.g. [5, 95].",
    },
  },
  inputs: {},
  output: "dataset",
  facts: {
    ...readingFacts,
    labels: [{ is: "multi-label", where: { labels: "set" } }, { is: "single-label" }],
    patients: [{ is: true }],
    bags: [{ is: false, where: { bag: ["none"] } }, { is: true }],
    classNames: ["classes", "labels"],
    onlyWith: onlyWithTable,
  },
} as const satisfies OpSignature;

/** An example's id is its file's path and its slice, e.g. `scan.nii.gz#axial 012`, counted from 0. */
export const niftiFolder: DatasetFormat = slicedDataset({
  signature,
  format: (given) => {
    const { axis, every, frame, bag, patient, table, group } = paramsOf(signature, { params: given });
    const window = windowOf(given);
    const cut = { axis, every, frame, window };
    return {
      tag: "exp.nifti-slice.1",
      window,
      isFile: isVolumeName,
      filesAtOnce: 2,
      guessesPatients: patient === null && group === null,
      open: async (bytes, name, pseudonym) => {
        requireNiftiName(name);
        const facts: SliceFacts = {
          ...{ study: null, series: null, position: null, instanceNumber: null },
          patient: pseudonym(niftiPatient(name, patient ?? "file", table === null ? 2 : 0)),
          bag: bag === "none" ? null : pseudonym(name),
        };
        return { ...(await openNiftiSlices(bytes, name, cut)), facts };
      },
    };
  },
  nameOf: volumeName,
});
