import type { Example } from "../artifacts/examples.ts";
import type { DecodedImage } from "../images/decoded-image.ts";

/** Finds and decodes the images of a data set on this machine. Opened from a dataset op's parameters. */
export interface DatasetReader {
  /** @throws OpError naming the example where the image is missing, damaged or not the one that was indexed */
  readImage(example: Example): Promise<DecodedImage>;
  close(): Promise<void>;
}

/** The function that a dataset op hands over beside its index. */
export type OpenDatasetReader = (params: Readonly<Record<string, unknown>>) => Promise<DatasetReader>;
