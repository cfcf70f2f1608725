import type { MetricParams } from "./metric.ts";

/** Of metrics that are worked out for one class against the rest. */
export const averageParams = {
  average: {
    type: "choice",
    choices: ["macro", "micro", "weighted"],
    default: null,
    summary:
      "Over classes or labels: the mean of theirs (macro), their mean weighted by their positives (weighted), or every flag of every class as one question (micro); by default macro, but of two classes the value of the second one.",
  },
  class: {
    type: "string",
    default: null,
    summary:
      "The name of the one class whose value is wanted, against the rest; by default the second of two, else an average.",
  },
} as const satisfies MetricParams;

export interface AverageSettings {
  /** Null where none is written: the second class of two, else the mean over all. */
  readonly average: "macro" | "micro" | "weighted" | null;
  readonly class: string | null;
  /** What a class counts that lacks positives or negatives: nothing, or 0. */
  readonly absent?: "skip" | "zero";
}
