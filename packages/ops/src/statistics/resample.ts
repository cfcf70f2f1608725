import type { Predictions } from "../artifacts/predictions.ts";
import type { Resamples } from "../artifacts/resamples.ts";
import { createPacer } from "../heads/pacer.ts";
import type { Metric, PreparedMetric } from "../metrics/metric.ts";
import { prepareMetric } from "../metrics/prepare-metric.ts";
import { inputOf, paramsOf, type OpContext } from "../op-context.ts";
import type { SingleOp } from "../op.ts";
import { digestExamples, numberGroups } from "./example-groups.ts";
import { jackknifeBlocks, jackknifeWeights, resampleWeights } from "./resampling.ts";

const params = {
  metric: { type: "wired", summary: "The metric." },
  settings: { type: "wired", summary: "The metric's own parameters." },
  resamples: { type: "wired", summary: "How many resamples." },
  seed: { type: "wired", summary: "The seed of the resamples." },
} as const;

/**
 * A metric on bootstrap resamples of the patients that were scored. Which patients a resample has hangs on the scored examples
 * alone: rows that are scored on the same ones can be compared resample by resample, and a new row computes its own only.
 * @param metrics those that a task may name
 */
export function createResampleOp(metrics: readonly Metric[]): SingleOp {
  const signature = {
    name: "resample",
    // An answer hangs on the metrics' own versions too.
    version: metrics.reduce((sum, metric) => sum + metric.version, 1),
    summary: "A metric on bootstrap resamples of the patients that were scored.",
    use: "resample",
    params,
    inputs: {
      predictions: { kind: "predictions", summary: "The head's probabilities on the split that is scored." },
    },
    output: "resamples",
  } as const;
  return {
    shape: "single",
    signature,
    deterministic: true,
    libraries: [],
    run: async (context): Promise<Resamples> => {
      const asked = paramsOf(signature, context) as unknown as ResampleParams;
      const metric = metrics.find(({ name }) => name === asked.metric);
      if (metric === undefined) throw new Error(`There is no metric "${asked.metric}" to resample.`);
      const predictions = inputOf(context, "predictions", "predictions");
      const prepared = prepareMetric(metric, predictions, asked.settings ?? {});
      const { value } = prepared.measurement;
      const { values, jackknife } = await resampleMetric(prepared, predictions, { ...asked, context });
      return {
        metric: metric.name,
        values,
        jackknife,
        value,
        nExamples: predictions.ids.length,
        nGroups: numberGroups(predictions.groups).count,
        examples: digestExamples(predictions),
        undefinedCount: values.filter(Number.isNaN).length,
        notes: value === null ? prepared.measurement.notes : [],
      };
    },
  };
}

interface ResampleParams {
  readonly metric: string;
  readonly settings: Readonly<Record<string, unknown>> | null;
  readonly resamples: number;
  readonly seed: number;
}

/** Resamples side by side: wide enough for a metric's inner loop, and small enough for their weights to stay in a core's cache. */
const blockSize = 256;

async function resampleMetric(
  prepared: PreparedMetric,
  predictions: Predictions,
  { resamples, seed, context }: Pick<ResampleParams, "resamples" | "seed"> & { readonly context: OpContext },
): Promise<Pick<Resamples, "values" | "jackknife">> {
  const { count: groups, groupOf } = numberGroups(predictions.groups);
  const values = new Float64Array(resamples).fill(Number.NaN);
  const jackknife = new Float64Array(jackknifeBlocks(groups)).fill(Number.NaN);
  if (prepared.measurement.value === null) return { values, jackknife };
  const pause = createPacer(context.signal);
  const total = values.length + jackknife.length;
  for (let first = 0; first < values.length; first += blockSize) {
    await pause();
    const count = Math.min(blockSize, values.length - first);
    const weights = resampleWeights({ groups, seed, first, count });
    values.set(prepared.resample({ count, weights, groupOf }), first);
    context.progress(first + count, total);
  }
  for (let first = 0; first < jackknife.length; first += blockSize) {
    await pause();
    const count = Math.min(blockSize, jackknife.length - first);
    const weights = jackknifeWeights({ groups, first, count });
    jackknife.set(prepared.resample({ count, weights, groupOf }), first);
    context.progress(values.length + first + count, total);
  }
  return { values, jackknife };
}
