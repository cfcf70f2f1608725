import type { SplitName } from "@exp-lab/dsl";

/** What the publisher of a data set says that it holds. */
export interface PublishedCounts {
  /** The data set's published name. */
  readonly name: string;
  /** Where it is said. */
  readonly source: string;
  readonly images: Readonly<Record<SplitName, number>>;
  readonly classes: number;
}

/** What is published about the data set that a constructor's parameters name; null where nothing is known. */
export type FindPublished = (params: Readonly<Record<string, unknown>>) => PublishedCounts | null;
