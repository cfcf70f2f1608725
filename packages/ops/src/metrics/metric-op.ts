import type { Predictions } from "../artifacts/predictions.ts";
import type { Score } from "../artifacts/score.ts";
import { inputOf } from "../op-context.ts";
import { OpError } from "../op-error.ts";
import type { SingleOp } from "../op.ts";

/** A metric's own part of a score. */
export interface Measurement {
  readonly value: number | null;
  readonly perClass: readonly (number | null)[] | null;
  readonly notes: readonly string[];
}

export interface MetricDefinition {
  /** The word in a table's cells, e.g. `auroc` in `test.auroc`. */
  readonly name: string;
  readonly summary: string;
  /** Raised whenever the same predictions get another score. */
  readonly version: number;
  /** Called for one example at least. */
  readonly measure: (predictions: Predictions) => Measurement;
}

/** A metric as an op: predictions in, score out. The notes of the predictions stand before the metric's own. */
export function createMetricOp({ name, summary, version, measure }: MetricDefinition): SingleOp {
  return {
    shape: "single",
    signature: {
      name,
      version,
      summary,
      use: "metric",
      better: "higher",
      params: {},
      inputs: {
        predictions: { kind: "predictions", summary: "The head's probabilities on the split that is scored." },
      },
      output: "score",
    },
    deterministic: true,
    libraries: [],
    run: (context) => {
      const predictions = inputOf(context, "predictions", "predictions");
      requireFinite(predictions);
      const { value, perClass, notes } = measureOrExplain(predictions, measure);
      const score: Score = {
        metric: name,
        value,
        perClass,
        classNames: predictions.classNames,
        nExamples: predictions.ids.length,
        nGroups: countGroups(predictions.groups),
        epoch: null,
        notes: [...predictions.notes, ...notes],
      };
      return Promise.resolve(score);
    },
  };
}

function measureOrExplain(predictions: Predictions, measure: MetricDefinition["measure"]): Measurement {
  if (predictions.ids.length > 0) return measure(predictions);
  return { value: null, perClass: null, notes: [predictions.unusable ?? "The scored split has no examples."] };
}

/** Examples without a group each count as a group of their own. */
function countGroups(groups: readonly (string | null)[]): number {
  const named = groups.filter((group) => group !== null);
  return new Set(named).size + (groups.length - named.length);
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
