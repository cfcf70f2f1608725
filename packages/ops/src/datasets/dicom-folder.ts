import type { OpSignature } from "@exp-lab/dsl";
import { applyWindow } from "../images/window/apply-window.ts";
import type { Window } from "../images/window/window.ts";
import { paramsOf } from "../op-context.ts";
import { OpError } from "../op-error.ts";
import type { DatasetFormat } from "./dataset-format.ts";
import { isDicomName } from "./dicom-folder-names.ts";
import { labelsTableParams, onlyWithTable, splitFolderParams } from "./labels-table-params.ts";
import { readingFacts, readingParams, windowOf } from "./reading-params.ts";
import type { Slice, SliceFacts, SliceFormat } from "./slice-format.ts";
import { slicedDataset } from "./sliced-dataset.ts";

const signature = {
  name: "dicom_folder",
  version: 1,
  summary: "DICOM files at any depth below a folder, every frame an image, labelled by a table or by root/SPLIT/CLASS.",
  use: "constructor",
  role: "dataset",
  params: {
    root: {
      type: "directory",
      summary:
        "The folder; files may have any ending or none, but for those of other kinds (.txt, .png, ..). Images are called by their paths, so no path should name a patient.",
    },
    ...labelsTableParams,
    key: {
      type: "choice",
      choices: ["path", "patient", "study", "series"],
      summary:
        "What a row of the table is about: a file by its path relative to the root, or all files of one Patient ID, Study Instance UID or Series Instance UID.",
      default: "path",
    },
    group: {
      type: "string",
      summary: "The table's column of patients; by default each file's Patient ID.",
      default: null,
    },
    ...splitFolderParams,
    bag: {
      type: "choice",
      choices: ["none", "series", "study"],
      summary: "What images are instances of, in the order in which they lie in the body.",
      default: "none",
    },
    ...readingParams,
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

/** An example's id is its file's path, with `#3` for the frame of index 3 where there are several. */
export const dicomFolder: DatasetFormat = slicedDataset({
  signature,
  format: (given) => dicomFormat(paramsOf(signature, { params: given }).bag, windowOf(given)),
  nameOf: (file) => file,
});

function dicomFormat(bag: "none" | "series" | "study", window: Window): SliceFormat {
  return {
    tag: "exp.dicom-frame.1",
    window,
    isFile: isDicomName,
    filesAtOnce: 4,
    open: async (bytes, name, pseudonym) => {
      const { openDicom } = await import("../formats/dicom/open-dicom.ts");
      const dicom = await openDicom(bytes, name, pseudonym);
      const { frames, identity, position, instanceNumber } = dicom;
      const { patient, study, series } = identity;
      const facts: SliceFacts = { patient, study, series, position, instanceNumber, bag: null };
      return {
        slices: frames === 1 ? onlyFrame : Array.from({ length: frames }, (_, frame) => frameSlice(frame)),
        facts: bag === "none" ? facts : { ...facts, bag: requireBag(identity[bag], bag, name) },
        bytes: bytes.length,
        read: async (key, image) => applyWindow(await dicom.readFrame(Number(key)), window, image),
      };
    },
  };
}

/** Of the many files that have one. */
const onlyFrame: readonly Slice[] = [{ key: "0", label: null }];

function frameSlice(frame: number): Slice {
  return { key: String(frame), label: String(frame) };
}

function requireBag(bag: string | null, what: "series" | "study", name: string): string {
  if (bag !== null) return bag;
  const uid = what === "series" ? "Series" : "Study";
  throw new OpError(
    "dicom-no-series",
    `${name} does not say which ${what} it is of: it has no ${uid} Instance UID.`,
    "Take it out of the folder, or leave out `bag`.",
  );
}
