import type { DatasetDescription } from "./dataset-description.ts";
import type { DatasetFormat } from "./dataset-format.ts";
import { datasets, findFormat } from "./dataset-readers.ts";

/** A data set's constructor, for whoever looks for data. */
export interface DatasetConstructor {
  /** As a program calls it. */
  readonly name: string;
  readonly summary: string;
  /** The published data sets that it reads; none where it is a format for data of one's own. */
  readonly published: readonly DatasetDescription[];
  /** Whether `exp data check` holds what it finds against what the publisher states. */
  readonly isCompared: boolean;
}

/** Every constructor, those of published data sets first; else in the order of the reference. */
export function describeDatasets(): readonly DatasetConstructor[] {
  const all = datasets.map(({ signature }) => describeFormat(findFormat(signature.name)));
  const isPublished = ({ published }: DatasetConstructor): boolean => published.length > 0;
  return [...all.filter(isPublished), ...all.filter((each) => !isPublished(each))];
}

export function describeFormat({ op, descriptions = [], published }: DatasetFormat): DatasetConstructor {
  const { name, summary } = op.signature;
  return { name, summary, published: descriptions, isCompared: published !== undefined };
}
