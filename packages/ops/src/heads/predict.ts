import type { Classifier } from "../artifacts/classifier.ts";
import type { Predictions } from "../artifacts/predictions.ts";
import { inputOf, type OpContext } from "../op-context.ts";
import { headData } from "./head-data.ts";
import { OpError } from "../op-error.ts";
import type { SingleOp } from "../op.ts";
import { takeParts, type FeaturePart } from "./feature-part.ts";
import { createPacer } from "./pacer.ts";
import { noPredictions, toPredictions } from "./to-predictions.ts";

const signature = {
  name: "predict",
  version: 4,
  summary: "Applies a fitted classifier to the examples of a split.",
  use: "companion",
  role: "head",
  params: {},
  inputs: {
    classifier: { kind: "classifier", summary: "The fitted head." },
    features: { kind: "features", summary: "Features of the split that is asked for." },
    examples: { kind: "examples", summary: "The examples of that split, with their labels." },
  },
  output: "predictions",
} as const;

/** Scores of a linear classifier: a sigmoid per output (binary, multi-label) or, if it does not say otherwise, a softmax (multi-class). */
export const predict: SingleOp = {
  shape: "single",
  signature,
  deterministic: true,
  libraries: [],
  run: async (context): Promise<Predictions> => {
    const classifier = inputOf(context, "classifier", "classifier");
    const { features, examples } = headData(context, classifier.pooling ?? "mean");
    requireSameClasses(classifier, examples);
    if (classifier.unusable !== null) return noPredictions(examples, classifier.unusable);
    const part = takeParts(features, examples, classifier.parts);
    requireWidth(classifier, part);
    const scores = await scorePart(classifier, part, context);
    return toPredictions(examples, scores, classifier);
  },
};

/** Scores of every row, row-major [rows, classes]. */
export async function scorePart(
  classifier: Classifier,
  part: FeaturePart,
  { signal, progress }: Pick<OpContext, "signal" | "progress">,
): Promise<Float64Array> {
  const pause = createPacer(signal);
  const classes = classifier.classNames.length;
  const scores = new Float64Array(part.rows * classes);
  for (let row = 0; row < part.rows; row++) {
    scores.set(scoresOf(classifier, logitsOf(classifier, part, row)), row * classes);
    if (row % 64 === 63) {
      progress(row + 1, part.rows);
      await pause();
    }
  }
  return scores;
}

function logitsOf(classifier: Classifier, part: FeaturePart, row: number): Float64Array {
  const { inputs, mean, deviation, weights } = classifier;
  const logits = classifier.bias.slice();
  const standardised = new Float64Array(inputs);
  for (let column = 0; column < inputs; column++) {
    standardised[column] = (part.values[row * inputs + column]! - mean[column]!) / deviation[column]!;
  }
  for (let output = 0; output < classifier.outputs; output++) {
    let sum = 0;
    for (let column = 0; column < inputs; column++) sum += standardised[column]! * weights[output * inputs + column]!;
    logits[output]! += sum;
  }
  return logits;
}

function scoresOf(classifier: Classifier, logits: Float64Array): Float64Array {
  switch (classifier.problem) {
    case "binary":
      return Float64Array.of(sigmoid(-logits[0]!), sigmoid(logits[0]!));
    case "multi-class":
      return classifier.scoring === "sigmoid" ? logits.map(sigmoid) : softmax(logits);
    case "multi-label":
      return logits.map(sigmoid);
  }
}

function sigmoid(logit: number): number {
  const tail = Math.exp(-Math.abs(logit));
  return (logit >= 0 ? 1 : tail) / (1 + tail);
}

function softmax(logits: Float64Array): Float64Array {
  const largest = logits.reduce((most, logit) => Math.max(most, logit), -Infinity);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

interface LabelledClasses {
  readonly problem: string;
  readonly classNames: readonly string[];
}

export function requireSameClasses(classifier: LabelledClasses, examples: LabelledClasses): void {
  const isSame =
    classifier.problem === examples.problem &&
    classifier.classNames.length === examples.classNames.length &&
    classifier.classNames.every((name, index) => name === examples.classNames[index]);
  if (isSame) return;
  throw new OpError(
    "classes-differ",
    `The head was fitted on ${describe(classifier)}, but the examples to predict have ${describe(examples)}.`,
    "Fit and predict on one data set, or on data sets with the same class list in the same order.",
  );
}

function describe({ problem, classNames }: LabelledClasses): string {
  return `a ${problem} problem with the classes ${classNames.join(", ")}`;
}

export function requireWidth(classifier: Classifier, part: FeaturePart): void {
  if (part.width === classifier.inputs) return;
  throw new OpError(
    "width-differs",
    `The head was fitted on ${String(classifier.inputs)} features per example, but part "${part.name}" has ${String(part.width)}.`,
    "Fit and predict with features of the same backbone and settings.",
  );
}
