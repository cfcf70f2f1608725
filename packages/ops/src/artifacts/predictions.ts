import { damagedArtifact, decodeDocument, encodeDocument, type ArtifactCodec } from "./document-codec.ts";
import {
  arrayOf,
  choiceField,
  nullableStringField,
  nullableStringsField,
  numberField,
  stringsField,
} from "./document-fields.ts";
import { problemKinds, type Labels, type ProblemKind } from "./examples.ts";
import { decodeTrainedOn, trainedOnFields, type TrainedOn } from "./trained-on.ts";

/** Scores of one head on one split, beside the truth, so that every metric, interval and export needs nothing else. */
export interface Predictions {
  readonly problem: ProblemKind;
  readonly classNames: readonly string[];
  readonly ids: readonly string[];
  readonly groups: readonly (string | null)[];
  readonly labels: Labels;
  /**
   * Probabilities, row-major [n, classes]. For `binary` two columns that sum to one (class 1 is the positive one), for
   * `multi-label` one independent probability per class. Those of `multi-class` sum to one, but for predictions from a file:
   * a note then says that they do not.
   */
  readonly scores: Float64Array;
  /** Why there are none: a point of a search that could not be fitted. No example is listed then. */
  readonly unusable: string | null;
  /** What the head was fitted on; absent where nothing was fitted here. */
  readonly trainedOn?: TrainedOn;
  /** What a reader of a score must know of the head, one sentence each, e.g. that its fit did not converge. */
  readonly notes: readonly string[];
}

/** @throws Error (encoding) or OpError `artifact-damaged` (decoding) where labels, scores and examples do not fit each other */
export const predictionsCodec: ArtifactCodec<Predictions> = {
  encode: (predictions) => {
    const wrong = problemOf(predictions);
    if (wrong !== null) throw new Error(`Refusing to store these predictions: ${wrong}.`);
    const { labels, scores, trainedOn, ...columns } = predictions;
    const fields = { ...columns, labelWidth: labels.width, ...trainedOnFields(trainedOn) };
    return encodeDocument({ kind: "predictions", fields, arrays: { labels: labels.values, scores } });
  },
  decode: (bytes) => {
    const document = decodeDocument("predictions", bytes);
    const predictions: Predictions = {
      problem: choiceField(document, "problem", problemKinds),
      classNames: stringsField(document, "classNames"),
      ids: stringsField(document, "ids"),
      groups: nullableStringsField(document, "groups"),
      labels: { width: numberField(document, "labelWidth"), values: arrayOf(document, "labels", Int32Array) },
      scores: arrayOf(document, "scores", Float64Array),
      unusable: nullableStringField(document, "unusable"),
      ...decodeTrainedOn(document),
      notes: stringsField(document, "notes"),
    };
    const wrong = problemOf(predictions);
    if (wrong !== null) throw damagedArtifact("predictions", wrong);
    return predictions;
  },
};

/** What is inconsistent; null where all fits. */
function problemOf(predictions: Predictions): string | null {
  const { problem, classNames, ids, groups, labels, scores } = predictions;
  const isMultiLabel = problem === "multi-label";
  if (problem === "binary" && classNames.length !== 2) {
    return `a binary problem has ${String(classNames.length)} class names`;
  }
  if (labels.width !== (isMultiLabel ? classNames.length : 1)) return "its labels do not match its classes";
  if (predictions.unusable !== null && ids.length > 0) return "it has examples, and a reason for having none";
  if (groups.length !== ids.length) return "its groups do not match its examples";
  if (labels.values.length !== ids.length * labels.width) return "its labels do not match its examples";
  if (scores.length !== ids.length * classNames.length) return "its scores do not match its examples and classes";
  const limit = isMultiLabel ? 2 : classNames.length;
  const lowest = isMultiLabel ? -1 : 0;
  if (labels.values.some((label) => label < lowest || label >= limit)) return "a label is not one of its classes";
  const wrong = scores.findIndex((score) => !Number.isFinite(score));
  if (wrong >= 0) {
    return `a score of example ${ids[Math.floor(wrong / classNames.length)] ?? ""} is ${String(scores[wrong])}`;
  }
  return null;
}
