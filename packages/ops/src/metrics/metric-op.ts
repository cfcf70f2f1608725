import type { Score } from "../artifacts/score.ts";
import { inputOf } from "../op-context.ts";
import type { SingleOp } from "../op.ts";
import type { Metric } from "./metric.ts";
import { prepareMetric } from "./prepare-metric.ts";

/** A metric as an op: predictions in, score out. The notes of the predictions stand before the metric's own. */
export function createMetricOp(metric: Metric): SingleOp {
  const { name, version, summary, better, params, facts } = metric;
  return {
    shape: "single",
    signature: {
      name,
      version,
      summary,
      use: "metric",
      better,
      params,
      inputs: {
        predictions: { kind: "predictions", summary: "The head's probabilities on the split that is scored." },
      },
      output: "score",
      ...(facts && { facts }),
    },
    deterministic: true,
    libraries: [],
    run: (context) => {
      const predictions = inputOf(context, "predictions", "predictions");
      const { value, perClass, notes } = prepareMetric(metric, predictions, context.params).measurement;
      const { trainedOn } = predictions;
      const score: Score = {
        metric: name,
        value,
        perClass,
        classNames: predictions.classNames,
        nExamples: predictions.ids.length,
        nGroups: countGroups(predictions.groups),
        epoch: null,
        ...(trainedOn && { trainedOn }),
        notes: [...predictions.notes, ...notes],
      };
      return Promise.resolve(score);
    },
  };
}

/** Examples without a group each count as a group of their own. */
function countGroups(groups: readonly (string | null)[]): number {
  const named = groups.filter((group) => group !== null);
  return new Set(named).size + (groups.length - named.length);
}
