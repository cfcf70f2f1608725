import type { SplitName } from "@exp-lab/dsl";

/** What the publisher of a data set says that it holds, as its parameters read it. What is left out is not known, or not said. */
export interface PublishedCounts {
  /** The data set's published name. */
  readonly name: string;
  /** Where it is said. */
  readonly source: string;
  readonly images: PublishedNumbers;
  readonly classes: number;
  readonly patients?: PublishedNumbers;
  /** Images that have the class, by the name of the class. */
  readonly positives?: Readonly<Record<string, PublishedNumbers>>;
  /** Splits that are published on their own: where a data set has no image of one, nothing of it is compared. */
  readonly apart?: readonly SplitName[];
}

/** Of a split, or of all of them together. */
export type PublishedNumbers = Readonly<Partial<Record<SplitName | "all", number>>>;

/**
 * What is published about the data set that a constructor's parameters name; null where nothing is known.
 * @param found what there is, by which one of several releases is told
 */
export type FindPublished = (
  params: Readonly<Record<string, unknown>>,
  found?: PublishedCounts["images"],
) => PublishedCounts | null;
