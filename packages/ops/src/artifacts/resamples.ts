import { damagedArtifact, decodeDocument, encodeDocument, type ArtifactCodec } from "./document-codec.ts";
import { arrayOf, nullableNumberField, numberField, stringField, stringsField } from "./document-fields.ts";

/** One metric on every resample of the examples that it was scored on: what intervals and paired tests are made of. */
export interface Resamples {
  readonly metric: string;
  /** The metric on each resample, in their order; NaN where it has no value there. */
  readonly values: Float64Array;
  /**
   * The metric with one block of groups left out after the other, each group in one block; NaN where it has no value there. It
   * tells how unequally groups count.
   */
  readonly jackknife: Float64Array;
  /** The metric itself, every example once; null where it is not defined. */
  readonly value: number | null;
  readonly nExamples: number;
  /** Distinct groups (patients), which is what was drawn; examples without one count each for themselves. */
  readonly nGroups: number;
  /** SHA-256 (hex) of the scored examples and their groups, in order: only answers with the same one are pairs. */
  readonly examples: string;
  /** Resamples on which the metric has no value. */
  readonly undefinedCount: number;
  /** What a reader of the interval must know, one sentence each. */
  readonly notes: readonly string[];
}

/** @throws OpError `artifact-damaged` (decoding) */
export const resamplesCodec: ArtifactCodec<Resamples> = {
  encode: ({ values, jackknife, ...fields }) =>
    encodeDocument({ kind: "resamples", fields, arrays: { values, jackknife } }),
  decode: (bytes) => {
    const document = decodeDocument("resamples", bytes);
    const resamples: Resamples = {
      metric: stringField(document, "metric"),
      values: arrayOf(document, "values", Float64Array),
      jackknife: arrayOf(document, "jackknife", Float64Array),
      value: nullableNumberField(document, "value"),
      nExamples: numberField(document, "nExamples"),
      nGroups: numberField(document, "nGroups"),
      examples: stringField(document, "examples"),
      undefinedCount: numberField(document, "undefinedCount"),
      notes: stringsField(document, "notes"),
    };
    const missing = resamples.values.filter(Number.isNaN).length;
    if (missing !== resamples.undefinedCount) {
      throw damagedArtifact("resamples", "it does not count the resamples without a value rightly");
    }
    return resamples;
  },
};
