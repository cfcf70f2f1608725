import { join } from "node:path";
import type { OpSignature } from "@exp-lab/dsl";
import { paramsOf } from "../op-context.ts";
import { OpError, refuse } from "../op-error.ts";
import { findTumorFiles, readTumorRecord, type TumorFile, type TumorRecord } from "./brain-tumor-files.ts";
import { tumorFormat } from "./brain-tumor-image.ts";
import type { DatasetFormat } from "./dataset-format.ts";
import { share, splitByPlace, type SplitRule } from "./evenly-spaced.ts";
import { fileDataset } from "./file-dataset.ts";
import { describePartial } from "./partial-set.ts";
import { readingFacts, readingParams, skips } from "./reading-params.ts";
import { tryEach } from "./try-each.ts";

const signature = {
  name: "brain_tumor",
  version: 1,
  summary: "Contrast-enhanced T1 MRI slices of three brain tumours (figshare 1512427): 3,064 of 233 patients.",
  use: "constructor",
  role: "dataset",
  params: {
    root: {
      type: "directory",
      summary:
        "The folder that holds 1.mat to 3064.mat, or the folders that its four archives were unpacked into, of any names.",
    },
    orientation: {
      type: "choice",
      choices: ["upright", "stored"],
      summary: "Images as MATLAB shows them, or as HDF5 stores them: turned over the diagonal, as the study has them.",
      default: "upright",
    },
    low_values: {
      type: "choice",
      choices: ["clip", "zero"],
      summary:
        "What values up to the window's lower end become: that end, or 0, which leaves a gap below the others, as in the study.",
      default: "clip",
    },
    ...readingParams,
    percentiles: {
      ...readingParams.percentiles,
      summary: "The same by percentiles of each image's own values; [5, 95] where neither is said.",
    },
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

/** Of 233 patients: test is 70 of them, every 3.33rd; val 50 of the 163 that are left, every 3.26th. */
const rule: SplitRule = { test: share(70, 233), val: share(50, 163) };

/**
 * Labels and patients are read from the files themselves. There is no published split of three parts; this one is that of
 * Baharoon et al. (2023): patients in the order in which the files name them first, picked at even steps.
 */
export const brainTumor: DatasetFormat = fileDataset({
  signature,
  root: (params) => paramsOf(signature, { params }).root.path,
  sourceFiles: async (given) => {
    const root = paramsOf(signature, { params: given }).root.path;
    const files = await findTumorFiles(root, refuse);
    return files.map(({ locator }) => ({ name: locator, path: join(root, locator) }));
  },
  format: (params) => {
    const { orientation, low_values: lowValues } = paramsOf(signature, { params });
    return tumorFormat({ orientation, lowValues });
  },
  list: async (given, onProblem) => {
    const { root } = paramsOf(signature, { params: given });
    const files = await findTumorFiles(root.path, onProblem);
    const faults: OpError[] = [];
    const report = skips(given) ? (fault: OpError) => void faults.push(fault) : onProblem;
    const slices = await readSlices(root.path, files, report);
    if (slices.length === 0) throw noSlices(root.path, faults[0] ?? null);
    const patients = [...new Set(slices.map(({ patient }) => patient))];
    const splits = splitByPlace(patients.length, rule);
    const splitOf = new Map(patients.map((patient, place) => [patient, splits[place]!]));
    return {
      problem: "multi-class",
      classNames: ["meningioma", "glioma", "pituitary"],
      labels: { width: 1, values: Int32Array.from(slices, ({ label }) => label) },
      images: slices.map(({ name, locator, patient }) => {
        return { name, locator, split: splitOf.get(patient)!, patient };
      }),
      notes: [
        ...describePartial({ found: patients.length, published: 233, unit: "patients" }),
        ...describeUnread(faults.length),
      ],
    };
  },
  published: () => ({
    name: "the brain tumor dataset",
    source: "its README, and for the split Baharoon et al. (2023)",
    images: { train: 1344, val: 718, test: 1002, all: 3064 },
    classes: 3,
    patients: { train: 113, val: 50, test: 70, all: 233 },
    positives: { meningioma: { all: 708 }, glioma: { all: 1426 }, pituitary: { all: 930 } },
  }),
  descriptions: [
    {
      title: "Brain tumor dataset (figshare 1512427)",
      modality: "brain MRI, T1 with contrast, slices",
      task: "meningioma, glioma or pituitary tumour",
      images: 3064,
      patients: 233,
      licence: "CC BY 4.0",
      size: "0.9 GB",
      source: "https://figshare.com/articles/dataset/brain_tumor_dataset/1512427",
      citation:
        "Cheng J. brain tumor dataset. figshare (2017), doi 10.6084/m9.figshare.1512427; Cheng J et al. Enhanced Performance of Brain Tumor Classification via Tumor Region Augmentation and Partition. PLoS ONE 10(10) (2015), doi 10.1371/journal.pone.0140381",
      splits: "by rule: patients at even steps, 113 train, 50 val, 70 test, as Baharoon et al. (2023)",
    },
  ],
});

type Slice = TumorFile & TumorRecord;

/** Files read at once, while another one's label is taken out. */
const filesAtOnce = 4;

/** Those whose label and patient can be read, in order. */
async function readSlices(
  root: string,
  files: readonly TumorFile[],
  report: (fault: OpError) => void,
): Promise<readonly Slice[]> {
  const records = await tryEach(files, (file) => readTumorRecord(root, file), { limit: filesAtOnce });
  return records.flatMap((record, place) => {
    if (!(record instanceof OpError)) return [{ ...files[place]!, ...record }];
    report(record);
    return [];
  });
}

/** Whose split a file would be in is not known where its patient is not. */
function describeUnread(count: number): readonly string[] {
  if (count === 0) return [];
  const what = count === 1 ? "1 file whose" : `${String(count)} files whose`;
  return [`Left out: ${what} label and patient cannot be read (on_error: skip).`];
}

function noSlices(root: string, fault: OpError | null): OpError {
  const reason = fault === null ? "" : ` The first: ${fault.message}`;
  return new OpError("dataset-empty", `None of the files below ${root} can be read.${reason}`, fault?.hint ?? null);
}
