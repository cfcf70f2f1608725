import type { InputValue } from "../op-context.ts";
import type { SingleOp } from "../op.ts";
import { brainTumor } from "./brain-tumor.ts";
import { chexpert } from "./chexpert.ts";
import { csv } from "./csv.ts";
import type { DatasetFormat } from "./dataset-format.ts";
import type { DatasetReader } from "./dataset-reader.ts";
import { dicomFolder } from "./dicom-folder.ts";
import { imageFolder } from "./image-folder.ts";
import { medmnistDescriptions } from "./medmnist-descriptions.ts";
import { medmnist, openMedmnist, publishedCounts } from "./medmnist.ts";
import { montgomery } from "./montgomery.ts";
import { niftiFolder } from "./nifti-folder.ts";
import { nihChestXray14 } from "./nih-chest-xray14.ts";
import { openPhantoms, phantoms } from "./phantoms.ts";
import { sarsCov2Ct } from "./sars-cov-2-ct.ts";
import { shenzhen } from "./shenzhen.ts";

/** Every data set format: one line per format. */
const formats: readonly DatasetFormat[] = [
  brainTumor,
  chexpert,
  csv,
  dicomFolder,
  imageFolder,
  { op: medmnist, open: openMedmnist, published: publishedCounts, descriptions: medmnistDescriptions },
  montgomery,
  niftiFolder,
  nihChestXray14,
  { op: phantoms, open: openPhantoms },
  sarsCov2Ct,
  shenzhen,
];

export const datasets: readonly SingleOp[] = formats.map(({ op }) => op);

/**
 * The images of the data set that an input's origin names.
 * @throws Error where the origin is no data set op; OpError where the data set cannot be opened
 */
export async function openDatasetReader(origin: InputValue["origin"]): Promise<DatasetReader> {
  return findFormat(origin.op).open(origin.params);
}

/** The format of a data set's constructor. @throws Error where the op is none */
export function findFormat(name: string): DatasetFormat {
  const format = formats.find(({ op }) => op.signature.name === name);
  if (format === undefined) throw new Error(`No reader for the images of ${name}.`);
  return format;
}
