import type { Classifier } from "../../artifacts/classifier.ts";
import type { Score } from "../../artifacts/score.ts";
import { metrics } from "../../metrics/metrics.ts";
import { inputOf, paramsOf } from "../../op-context.ts";
import type { SingleOp } from "../../op.ts";
import { takeParts } from "../feature-part.ts";
import { predict, requireSameClasses, requireWidth, scorePart } from "../predict.ts";
import { headData } from "../head-data.ts";
import { noPredictions, toPredictions } from "../to-predictions.ts";

const signature = {
  name: "score_epochs",
  // An answer hangs on the metrics' own versions too, and on how probabilities are made.
  version: metrics.reduce((sum, metric) => sum + metric.signature.version, predict.signature.version),
  summary: "Scores a fit at the end of each of its epochs, and keeps the best.",
  use: "score epochs",
  role: "head",
  params: {
    metric: { type: "wired", summary: "The metric that epochs are scored by." },
    want: { type: "wired", summary: "Whether the largest or the smallest score is best." },
  },
  inputs: {
    classifier: { kind: "classifier", summary: "The fit, with its state at the end of every epoch." },
    features: { kind: "features", summary: "Features of the split that is asked for." },
    examples: { kind: "examples", summary: "The examples of that split, with their labels." },
  },
  output: "score",
} as const;

/** The score of the first of the epochs with the best one. */
export const scoreEpochs: SingleOp = {
  shape: "single",
  signature,
  deterministic: true,
  libraries: [],
  run: async (context): Promise<Score> => {
    const { metric: name, want } = paramsOf(signature, context) as { metric: string; want: "max" | "min" };
    const metric = metrics.find((op) => op.signature.name === name);
    if (metric === undefined) throw new Error(`There is no metric "${name}" to score epochs by.`);
    const classifier = inputOf(context, "classifier", "classifier");
    const { features, examples } = headData(context, classifier.pooling ?? "mean");
    const measure = async (predictions: ReturnType<typeof noPredictions>): Promise<Score> => {
      const origin = { op: signature.name, params: {} };
      const inputs = { predictions: { kind: "predictions", value: predictions, origin } } as const;
      return (await metric.run({ ...context, params: {}, inputs })) as Score;
    };
    requireSameClasses(classifier, examples);
    if (classifier.unusable !== null) return measure(noPredictions(examples, classifier.unusable));

    const part = takeParts(features, examples, classifier.parts);
    requireWidth(classifier, part);
    const epochs = statesOf(classifier);
    let best: Score | null = null;
    for (const [index, state] of epochs.entries()) {
      const quiet = { signal: context.signal, progress: () => undefined };
      const scores = await scorePart(state, part, quiet);
      const score = await measure(toPredictions(examples, scores, classifier));
      context.progress(index + 1, epochs.length);
      const isBetter = score.value !== null && isAhead(score.value, best?.value ?? null, want);
      if (best === null || isBetter) best = { ...score, epoch: { best: index + 1, of: epochs.length } };
    }
    if (best === null) throw new Error("The fit has kept none of its epochs.");
    return best;
  },
};

function isAhead(value: number, record: number | null, want: "max" | "min"): boolean {
  if (record === null) return true;
  return want === "max" ? value > record : value < record;
}

function statesOf(classifier: Classifier): readonly Classifier[] {
  const { inputs, outputs, epochWeights, epochBias } = classifier;
  const size = inputs * outputs;
  return Array.from({ length: epochBias.length / outputs }, (_, epoch) => ({
    ...classifier,
    weights: Float64Array.from(epochWeights.subarray(epoch * size, (epoch + 1) * size)),
    bias: Float64Array.from(epochBias.subarray(epoch * outputs, (epoch + 1) * outputs)),
  }));
}
