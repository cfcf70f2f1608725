/** What is predicted. `binary` and `multi-class` have one label per example; `multi-label` has one flag per class. */
export type ProblemKind = "binary" | "multi-class" | "multi-label";

/** One image of a data set. */
export interface Example {
  /** Unique in the data set and stable: a relative file name, or `train[12]` for array files. */
  readonly id: string;
  /** SHA-256 (hex) of the image's source bytes (for arrays: of element type, shape and values). The key of every stored row. */
  readonly digest: string;
  /** How the data set's reader finds the image: a relative name or an index, in the reader's own form. */
  readonly locator: string;
  /** The patient, or whatever may not be spread over splits; null where the source does not say. */
  readonly group: string | null;
}

/**
 * Labels, row-major, one row per example. `binary` and `multi-class`: one class index per row (width 1).
 * `multi-label`: one 0/1 flag per class (width = number of classes).
 */
export interface Labels {
  readonly width: number;
  readonly values: Int32Array;
}

/** The examples that one split holds, after shots and folds: what a fit or a score is taken over. */
export interface ExampleSet {
  readonly problem: ProblemKind;
  readonly classNames: readonly string[];
  readonly examples: readonly Example[];
  readonly labels: Labels;
}
