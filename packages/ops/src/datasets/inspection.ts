import type { SplitName } from "@exp-lab/dsl";
import type { ProblemKind } from "../artifacts/examples.ts";
import type { InspectedLeaks } from "./inspect-leaks.ts";
import type { PublishedCounts } from "./published-counts.ts";

/** What a data set holds, and what is wrong with it. Plain data; no patient is named in it, not by a pseudonym either. */
export interface DatasetInspection extends InspectedLeaks {
  readonly problem: ProblemKind;
  readonly images: SplitCounts;
  readonly classes: readonly ClassCounts[];
  /** Distinct patients, or whatever may not be spread over splits; null where the source names none. */
  readonly patients: SplitCounts | null;
  /** Distinct bags; null where every image is one of its own. */
  readonly bags: SplitCounts | null;
  /** What is wrong with the data set besides single images, e.g. folders without any. */
  readonly problems: readonly DatasetFault[];
  /** What a run leaves out since the program says so. */
  readonly leftOut: readonly DatasetFault[];
  /** What every table of the data set says of it. */
  readonly notes: readonly string[];
  readonly missing: readonly ImageFault[];
  readonly unreadable: readonly ImageFault[];
  /** Of the images that could be read; null where there are none. */
  readonly sizes: ImageSizes | null;
  readonly identical: readonly IdenticalImages[];
  /** Classes that a split has no positive, or no negative, example of. */
  readonly lacking: readonly LackingClass[];
  readonly published: PublishedComparison | null;
}

/** `all` counts what is in several splits once. */
export type SplitCounts = Readonly<Record<SplitName | "all", number>>;

export interface ClassCounts {
  readonly name: string;
  readonly positives: SplitCounts;
  readonly negatives: SplitCounts;
  readonly unknown: SplitCounts;
}

export interface DatasetFault {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

export interface ImageFault extends DatasetFault {
  readonly id: string;
  readonly split: SplitName;
}

export interface ImageSizes {
  /** By number of pixels. */
  readonly smallest: PixelSize;
  readonly largest: PixelSize;
  /** How many images have which pixels, the most frequent first. */
  readonly pixels: readonly PixelCounts[];
}

export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

export interface PixelCounts {
  readonly channels: number;
  /** Of a channel's value. */
  readonly bits: number;
  readonly images: number;
}

/** Images of the same bytes: two at least. */
export interface IdenticalImages {
  readonly images: readonly { readonly id: string; readonly split: SplitName }[];
  /** The splits that they are in, in the order train, val, test. */
  readonly splits: readonly SplitName[];
  /** Whether they are labelled unlike each other. */
  readonly labelsDiffer: boolean;
}

export interface LackingClass {
  readonly split: SplitName;
  readonly name: string;
  readonly lacks: "positives" | "negatives";
}

export interface PublishedComparison extends PublishedCounts {
  /** Empty where the data set is what was published. */
  readonly differences: readonly PublishedDifference[];
}

/** One number that is not the published one. */
export interface PublishedDifference {
  readonly of: "images" | "classes" | "patients" | "positives";
  /** Null for the number of classes. */
  readonly split: SplitName | "all" | null;
  /** The class whose positives differ; null for other numbers. */
  readonly className: string | null;
  readonly published: number;
  readonly found: number;
}
