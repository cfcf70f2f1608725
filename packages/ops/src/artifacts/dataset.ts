import type { SplitName } from "@exp-lab/dsl";
import type { Example, Labels, ProblemKind } from "./examples.ts";

/** A data set's index: what there is, before any choice of shots or folds. Holds no path of this machine. */
export interface DatasetIndex {
  readonly problem: ProblemKind;
  readonly classNames: readonly string[];
  /** In the source's own order, which is the order of every table and export. */
  readonly examples: readonly Example[];
  readonly labels: Labels;
  /** The split that the source itself assigns, per example. */
  readonly splits: readonly SplitName[];
}
