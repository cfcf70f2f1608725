import type { InputValue } from "../op-context.ts";
import type { SingleOp } from "../op.ts";
import { csv, openCsv } from "./csv.ts";
import type { DatasetReader, OpenDatasetReader } from "./dataset-reader.ts";
import { imageFolder, openImageFolder } from "./image-folder.ts";
import { medmnist, openMedmnist } from "./medmnist.ts";
import { openPhantoms, phantoms } from "./phantoms.ts";

/** Every data set format: one line per format. */
const formats: readonly { readonly op: SingleOp; readonly open: OpenDatasetReader }[] = [
  { op: csv, open: openCsv },
  { op: imageFolder, open: openImageFolder },
  { op: medmnist, open: openMedmnist },
  { op: phantoms, open: openPhantoms },
];

export const datasets: readonly SingleOp[] = formats.map(({ op }) => op);

/**
 * The images of the data set that an input's origin names.
 * @throws Error where the origin is no data set op; OpError where the data set cannot be opened
 */
export async function openDatasetReader(origin: InputValue["origin"]): Promise<DatasetReader> {
  const format = formats.find(({ op }) => op.signature.name === origin.op);
  if (format === undefined) throw new Error(`No reader for the images of ${origin.op}.`);
  return format.open(origin.params);
}
