import type { Predictions } from "../artifacts/predictions.ts";
import { OpError } from "../op-error.ts";
import type { Metric, PreparedMetric } from "./metric.ts";

/**
 * The metric on these predictions, with what holds for every metric: it has no value without an example, and parameters that
 * are not given have their defaults.
 *
 * @throws OpError `score-not-finite`; what the metric refuses
 */
export function prepareMetric(
  metric: Metric,
  predictions: Predictions,
  params: Readonly<Record<string, unknown>>,
): PreparedMetric {
  requireFinite(predictions);
  if (predictions.ids.length === 0) {
    return withoutValue(predictions.unusable ?? "The scored split has no examples.");
  }
  const complete = { ...defaultsOf(metric), ...params };
  return metric.prepare(predictions, complete as Parameters<Metric["prepare"]>[1]);
}

/** A metric that is not defined on these predictions, whatever an example counts. */
export function withoutValue(note: string): PreparedMetric {
  return {
    measurement: { value: null, perClass: null, notes: [note] },
    resample: ({ count }) => new Float64Array(count).fill(Number.NaN),
  };
}

function defaultsOf({ params }: Metric): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(params).flatMap(([name, spec]) => ("default" in spec ? [[name, spec.default]] : [])),
  );
}

/** A score that is not a number would be sorted and compared as if it were one. */
function requireFinite({ scores, ids, classNames }: Predictions): void {
  const wrong = scores.findIndex((score) => !Number.isFinite(score));
  if (wrong < 0) return;
  const id = ids[Math.floor(wrong / classNames.length)] ?? "";
  const className = classNames[wrong % classNames.length] ?? "";
  throw new OpError(
    "score-not-finite",
    `The score of class "${className}" for example ${id} is ${String(scores[wrong])}.`,
    "Metrics need finite scores: check the head's settings and its features.",
  );
}
