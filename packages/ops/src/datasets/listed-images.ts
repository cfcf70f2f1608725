import type { SplitName } from "@exp-lab/dsl";
import type { LabelledExamples } from "../artifacts/examples.ts";
import type { SourceFile } from "../op-context.ts";

/** What a data set of image files should hold, as its lists and folders say it, before any image is read. */
export interface ListedImages extends Pick<LabelledExamples, "problem" | "classNames" | "labels"> {
  readonly images: readonly ListedImage[];
  /** The lists themselves, where the data set found them: they decide what the index is. */
  readonly lists?: readonly SourceFile[];
  /** What a reader of a score must know, one sentence each. */
  readonly notes?: readonly string[];
}

export interface ListedImage {
  /** The example's id: what the data set's lists call it, or its place. */
  readonly name: string;
  /** Its place relative to the root, with `/` between folders; null where there is no such file. */
  readonly locator: string | null;
  readonly split: SplitName;
  /** As the source names the patient; only a keyed hash of it is stored. */
  readonly patient?: string | null;
  /** The same of the bag that the image is one instance of. */
  readonly bag?: string | null;
  /** Where a list names the image, for messages, e.g. `list.csv:12`. */
  readonly place?: string;
}
