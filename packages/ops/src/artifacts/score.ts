/** One metric of one set of predictions. */
export interface Score {
  readonly metric: string;
  /** Null where the metric is not defined on these predictions; `notes` says why. */
  readonly value: number | null;
  /** Per class where the metric is an average over classes; null for a class left out of it. */
  readonly perClass: readonly (number | null)[] | null;
  readonly classNames: readonly string[];
  readonly nExamples: number;
  /** Distinct groups (patients); equals `nExamples` where the source names none. */
  readonly nGroups: number;
  /** What a reader of the table must know, one sentence each. */
  readonly notes: readonly string[];
}
