import type { InputValue } from "../op-context.ts";
import type { SingleOp } from "../op.ts";
import { csv, listCsv, openCsv } from "./csv.ts";
import type { DatasetReader, OpenDatasetReader } from "./dataset-reader.ts";
import { imageFolder, listFolderDataset, openImageFolder } from "./image-folder.ts";
import type { ListDataset } from "./listed-dataset.ts";
import { medmnist, openMedmnist, publishedCounts } from "./medmnist.ts";
import { openPhantoms, phantoms } from "./phantoms.ts";
import type { FindPublished } from "./published-counts.ts";

export interface DatasetFormat {
  readonly op: SingleOp;
  readonly open: OpenDatasetReader;
  /** Absent where images are no files: nothing can then be missing without the op's refusing the whole set. */
  readonly list?: ListDataset;
  readonly published?: FindPublished;
}

/** Every data set format: one line per format. */
const formats: readonly DatasetFormat[] = [
  { op: csv, open: openCsv, list: listCsv },
  { op: imageFolder, open: openImageFolder, list: listFolderDataset },
  { op: medmnist, open: openMedmnist, published: publishedCounts },
  { op: phantoms, open: openPhantoms },
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
