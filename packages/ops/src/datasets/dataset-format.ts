import type { SingleOp } from "../op.ts";
import type { OpenDatasetReader } from "./dataset-reader.ts";
import type { DatasetDescription } from "./dataset-description.ts";
import type { ListDataset } from "./listed-dataset.ts";
import type { FindPublished } from "./published-counts.ts";

/** All that there is to a data set's constructor. */
export interface DatasetFormat {
  readonly op: SingleOp;
  readonly open: OpenDatasetReader;
  /** Absent where images are no files: nothing can then be missing without the op's refusing the whole set. */
  readonly list?: ListDataset;
  readonly published?: FindPublished;
  /** Of a published data set; several where one constructor reads several. */
  readonly descriptions?: readonly DatasetDescription[];
}
