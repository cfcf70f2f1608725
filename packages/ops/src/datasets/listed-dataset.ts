import type { DatasetIndex } from "../artifacts/dataset.ts";
import type { DecodedImage } from "../images/decoded-image.ts";
import type { OpContext } from "../op-context.ts";
import type { OpError } from "../op-error.ts";

/** What a data set should hold, before any of its images is looked at. They are read through its own reader. */
export interface ListedDataset {
  /** As the data set's op gives it. */
  readonly index: DatasetIndex;
  /** What the op would refuse, and what is in nobody's way where the data set is only looked at. */
  readonly problems: readonly OpError[];
  /** What the op would leave out, since the program says so. */
  readonly leftOut?: readonly OpError[];
}

/** The same of a data set whose images are files, one each: they need no reader. */
export interface ListedFiles extends ListedDataset {
  /** Its digests are empty. Locators are names relative to `root`. */
  readonly index: DatasetIndex;
  readonly root: string;
  readonly decode: (bytes: Uint8Array, name: string) => Promise<DecodedImage>;
}

/**
 * Lists a data set from its op's parameters without asking whether its images are there.
 * @param context how far it is, where files have to be opened for that
 * @throws OpError where it cannot be said what the data set holds
 */
export type ListDataset = (
  params: Readonly<Record<string, unknown>>,
  context: Pick<OpContext, "pseudonym"> & Partial<Pick<OpContext, "signal" | "progress">>,
) => Promise<ListedDataset | ListedFiles>;
