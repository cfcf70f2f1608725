import { decodeDocument, encodeDocument, isJsonObject, type ArtifactCodec, type Json } from "./document-codec.ts";
import {
  nullableNumberField,
  nullableNumbersField,
  numberField,
  stringField,
  stringsField,
} from "./document-fields.ts";
import { decodeTrainedOn, trainedOnFields, type TrainedOn } from "./trained-on.ts";

/** One metric of one set of predictions. */
export interface Score {
  readonly metric: string;
  /** Null where the metric is not defined on these predictions; `notes` says why. */
  readonly value: number | null;
  /** Per class where the metric is an average over classes; null for a class left out of it. */
  readonly perClass: readonly (number | null)[] | null;
  readonly classNames: readonly string[];
  readonly nExamples: number;
  /** Distinct groups (patients); equals `nExamples` where the source names none. */
  readonly nGroups: number;
  /** Where the best of a fit's epochs was scored: which one (from 1), of how many. */
  readonly epoch: { readonly best: number; readonly of: number } | null;
  /** What the head was fitted on; absent where nothing was fitted here. */
  readonly trainedOn?: TrainedOn;
  /** What a reader of the table must know, one sentence each. */
  readonly notes: readonly string[];
}

/** @throws Error (encoding) where a value is not finite; OpError `artifact-damaged` (decoding) */
export const scoreCodec: ArtifactCodec<Score> = {
  encode: ({ trainedOn, ...score }) =>
    encodeDocument({
      kind: "score",
      fields: { ...score, epoch: score.epoch && { ...score.epoch }, ...trainedOnFields(trainedOn) },
      arrays: {},
    }),
  decode: (bytes) => {
    const document = decodeDocument("score", bytes);
    return {
      metric: stringField(document, "metric"),
      value: nullableNumberField(document, "value"),
      perClass: document.fields["perClass"] === null ? null : nullableNumbersField(document, "perClass"),
      classNames: stringsField(document, "classNames"),
      nExamples: numberField(document, "nExamples"),
      nGroups: numberField(document, "nGroups"),
      epoch: document.fields["epoch"] === null ? null : epochOf(document.fields["epoch"]),
      ...decodeTrainedOn(document),
      notes: stringsField(document, "notes"),
    };
  },
};

function epochOf(value: Json | undefined): Score["epoch"] {
  const source = { kind: "score.epoch", fields: value !== undefined && isJsonObject(value) ? value : {} };
  return { best: numberField(source, "best"), of: numberField(source, "of") };
}
