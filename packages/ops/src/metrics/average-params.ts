import type { MetricParams } from "./metric.ts";

/** Of metrics that are worked out for one class against the rest. */
export const averageParams = {
  average: {
    type: "choice",
    choices: ["macro", "micro", "weighted"],
    default: "macro",
    summary:
      "Over several classes or labels: the mean of theirs (macro), their mean weighted by their positives (weighted), or every flag of every class as one question (micro).",
  },
  class: {
    type: "string",
    default: null,
    summary:
      "The name of the one class whose value is wanted, against the rest; by default class 1 of two, else an average.",
  },
} as const satisfies MetricParams;

export interface AverageSettings {
  readonly average: "macro" | "micro" | "weighted";
  readonly class: string | null;
  /** What a class counts that lacks positives or negatives: nothing, or 0. */
  readonly absent?: "skip" | "zero";
}
