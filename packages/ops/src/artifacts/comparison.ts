import { damagedArtifact, decodeDocument, encodeDocument, type ArtifactCodec, type Json } from "./document-codec.ts";
import {
  booleanField,
  nullableNumberField,
  nullableStringField,
  objectsField,
  stringsField,
  type FieldSource,
} from "./document-fields.ts";

/** The cells of one column of a table: how sure each of them is, and which differ from the best. */
export interface Comparison {
  readonly cells: readonly ComparedCell[];
  /** How the intervals were made; null where there is none. */
  readonly ciMethod: string | null;
  /** How the cells were tested against the best; null where none was. */
  readonly testMethod: string | null;
  /** Groups (patients) behind every cell; null where the cells were scored on different examples. */
  readonly nGroups: number | null;
  /** What a reader of the column must know, one sentence each. */
  readonly notes: readonly string[];
}

export interface ComparedCell {
  /** Interval of nominal 95%, both ends; null where there is none. */
  readonly ci95: readonly [number, number] | null;
  /** Of the two-sided test against the best cell; null in the best cell itself and where the two cannot be paired. */
  readonly p: number | null;
  /** The same by Holm over the tests of the column. */
  readonly pAdjusted: number | null;
  /** The first of the cells with the best value; none is where neither large nor small values are wanted. */
  readonly isBest: boolean;
}

/** @throws OpError `artifact-damaged` (decoding) */
export const comparisonCodec: ArtifactCodec<Comparison> = {
  encode: ({ cells, ...fields }) =>
    encodeDocument({
      kind: "comparison",
      fields: { ...fields, cells: cells.map((cell) => ({ ...cell })) },
      arrays: {},
    }),
  decode: (bytes) => {
    const document = decodeDocument("comparison", bytes);
    return {
      cells: objectsField(document, "cells").map(cellOf),
      ciMethod: nullableStringField(document, "ciMethod"),
      testMethod: nullableStringField(document, "testMethod"),
      nGroups: nullableNumberField(document, "nGroups"),
      notes: stringsField(document, "notes"),
    };
  },
};

function cellOf(source: FieldSource): ComparedCell {
  return {
    ci95: intervalOf(source.fields["ci95"]),
    p: nullableNumberField(source, "p"),
    pAdjusted: nullableNumberField(source, "pAdjusted"),
    isBest: booleanField(source, "isBest"),
  };
}

function intervalOf(value: Json | undefined): ComparedCell["ci95"] {
  if (value === null) return null;
  if (Array.isArray(value) && value.length === 2) {
    const [low, high] = value as readonly Json[];
    if (typeof low === "number" && typeof high === "number") return [low, high];
  }
  throw damagedArtifact("comparison", "an interval is not two numbers");
}
