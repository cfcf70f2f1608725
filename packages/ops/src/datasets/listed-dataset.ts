import type { DatasetIndex } from "../artifacts/dataset.ts";
import type { OpContext } from "../op-context.ts";
import type { OpError } from "../op-error.ts";

/** What a data set whose images are files should hold, before any of them is looked at. */
export interface ListedDataset {
  /** As the data set's op gives it, but for the digests, which are empty. Locators are names relative to `root`. */
  readonly index: DatasetIndex;
  readonly root: string;
  /** What the op would refuse, and what is in nobody's way where the data set is only looked at. */
  readonly problems: readonly OpError[];
}

/**
 * Lists a data set from its op's parameters without asking whether its images are there.
 * @throws OpError where it cannot be said what the data set holds
 */
export type ListDataset = (
  params: Readonly<Record<string, unknown>>,
  context: Pick<OpContext, "pseudonym">,
) => Promise<ListedDataset>;
