import { damagedArtifact, decodeDocument, encodeDocument, type ArtifactCodec } from "./document-codec.ts";
import {
  arrayOf,
  booleanField,
  choiceField,
  nullableStringField,
  numberField,
  stringsField,
} from "./document-fields.ts";
import { problemKinds, type ProblemKind } from "./examples.ts";
import { decodeTrainedOn, trainedOnFields, type TrainedOn } from "./trained-on.ts";

/**
 * A fitted linear classifier: scores = ((x - mean) / deviation) · weights + bias, through a softmax (`multi-class`) or
 * one sigmoid per output (`binary`, `multi-label`).
 */
export interface Classifier {
  readonly problem: ProblemKind;
  readonly classNames: readonly string[];
  /** The parts of the feature rows that the classifier was fitted on, one after the other. */
  readonly parts: readonly string[];
  /** Features per example. */
  readonly inputs: number;
  /** Outputs: 1 for binary (the score of class 1), otherwise the number of classes. */
  readonly outputs: number;
  /** Statistics of the fit's own training split; zeros (mean) and ones (deviation) where features were not standardised. */
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
  /** [outputs, inputs], row-major. */
  readonly weights: Float64Array;
  /** Minus (plus) infinity for a class that no (every) training example has: its probability is 0 (1) everywhere. */
  readonly bias: Float64Array;
  /** How the outputs of a `multi-class` head become scores, where that is no softmax. */
  readonly scoring?: (typeof scorings)[number];
  /** How the features of a bag's images become one row; absent: their mean. */
  readonly pooling?: (typeof poolings)[number];
  /** The state at the end of every epoch, where that was asked for: [epochs, outputs, inputs] and [epochs, outputs]; else empty. */
  readonly epochWeights: Float32Array;
  readonly epochBias: Float32Array;
  /** Why the fit gave no weights that mean anything, for a search to pass it over; null where it gave some. */
  readonly unusable: string | null;
  /** How the fit ended: the iterations of the longest fit, and whether every fit reached the tolerance. */
  readonly iterations: number;
  readonly converged: boolean;
  /** What the head was fitted on; absent where nothing was fitted here. */
  readonly trainedOn?: TrainedOn;
  /** What a reader of a score must know of the fit, one sentence each. */
  readonly notes: readonly string[];
}

/** `sigmoid`: each class by itself, so that scores do not sum to one. */
const scorings = ["softmax", "sigmoid"] as const;

const poolings = ["mean", "max"] as const;

/** @throws Error (encoding) or OpError `artifact-damaged` (decoding) where weights and classes do not fit each other */
export const classifierCodec: ArtifactCodec<Classifier> = {
  encode: (classifier) => {
    const wrong = problemOf(classifier);
    if (wrong !== null) throw new Error(`Refusing to store this classifier: ${wrong}.`);
    const { mean, deviation, weights, bias, epochWeights, epochBias, trainedOn, ...rest } = classifier;
    const fields = { ...rest, ...trainedOnFields(trainedOn) };
    const arrays = { mean, deviation, weights, bias, epochWeights, epochBias };
    return encodeDocument({ kind: "classifier", fields, arrays });
  },
  decode: (bytes) => {
    const document = decodeDocument("classifier", bytes);
    const classifier: Classifier = {
      problem: choiceField(document, "problem", problemKinds),
      classNames: stringsField(document, "classNames"),
      parts: stringsField(document, "parts"),
      inputs: numberField(document, "inputs"),
      outputs: numberField(document, "outputs"),
      mean: arrayOf(document, "mean", Float64Array),
      deviation: arrayOf(document, "deviation", Float64Array),
      weights: arrayOf(document, "weights", Float64Array),
      bias: arrayOf(document, "bias", Float64Array),
      epochWeights: arrayOf(document, "epochWeights", Float32Array),
      epochBias: arrayOf(document, "epochBias", Float32Array),
      unusable: nullableStringField(document, "unusable"),
      iterations: numberField(document, "iterations"),
      converged: booleanField(document, "converged"),
      ...("pooling" in document.fields && { pooling: choiceField(document, "pooling", poolings) }),
      ...("scoring" in document.fields && { scoring: choiceField(document, "scoring", scorings) }),
      ...decodeTrainedOn(document),
      notes: stringsField(document, "notes"),
    };
    const wrong = problemOf(classifier);
    if (wrong !== null) throw damagedArtifact("classifier", wrong);
    return classifier;
  },
};

/** What is inconsistent; null where all fits. */
function problemOf(classifier: Classifier): string | null {
  const { problem, classNames, inputs, outputs, mean, deviation, weights, bias } = classifier;
  const expectedOutputs = problem === "binary" ? 1 : classNames.length;
  if (problem === "binary" && classNames.length !== 2) {
    return `a binary problem has ${String(classNames.length)} class names`;
  }
  if (outputs !== expectedOutputs || bias.length !== outputs) return "its outputs do not match its classes";
  if (mean.length !== inputs || deviation.length !== inputs) return "its statistics do not match its inputs";
  if (weights.length !== inputs * outputs) return "its weights do not match its inputs and outputs";
  const { epochWeights, epochBias } = classifier;
  if (epochWeights.length !== epochBias.length * inputs) return "its epochs' weights and biases do not match";
  if (!epochWeights.every(Number.isFinite) || !epochBias.every(Number.isFinite))
    return "an epoch's weight is not finite";
  if (![mean, deviation, weights].every((array) => array.every(Number.isFinite))) return "a weight is not finite";
  if (bias.some(Number.isNaN)) return "a bias is not a number";
  return null;
}
