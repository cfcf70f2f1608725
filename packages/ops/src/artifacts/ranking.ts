import { damagedArtifact, decodeDocument, encodeDocument, type ArtifactCodec } from "./document-codec.ts";
import { nullableNumberField, numberField, numbersField, stringsField } from "./document-fields.ts";

/** How the rows of a table rank over several data sets: what a critical-difference diagram shows. */
export interface Ranking {
  /** Of each row the mean of its ranks over the data sets, 1 being best; equal scores share the mean of their ranks. */
  readonly averageRanks: readonly number[];
  /** Friedman's statistic with its correction for ties; null where there is nothing to test. */
  readonly chiSquare: number | null;
  /** By the chi-square distribution. */
  readonly p: number | null;
  /** The statistic of Iman and Davenport, which is less conservative, and its p value by the F distribution. */
  readonly imanDavenport: number | null;
  readonly pImanDavenport: number | null;
  /** Nemenyi's at 0.05: rows whose average ranks differ by less are not told apart. Null from fewer than 8 data sets. */
  readonly criticalDifference: number | null;
  /** The largest sets of rows that are not told apart, best first; each of two rows at least. */
  readonly cliques: readonly (readonly number[])[];
  /** Data sets that were ranked. */
  readonly nDatasets: number;
  readonly notes: readonly string[];
}

/** @throws OpError `artifact-damaged` (decoding) */
export const rankingCodec: ArtifactCodec<Ranking> = {
  encode: (ranking) => encodeDocument({ kind: "ranking", fields: { ...ranking }, arrays: {} }),
  decode: (bytes) => {
    const document = decodeDocument("ranking", bytes);
    const { cliques } = document.fields;
    if (!Array.isArray(cliques) || !cliques.every(isRows)) {
      throw damagedArtifact("ranking", "its cliques are not lists of rows");
    }
    return {
      averageRanks: numbersField(document, "averageRanks"),
      chiSquare: nullableNumberField(document, "chiSquare"),
      p: nullableNumberField(document, "p"),
      imanDavenport: nullableNumberField(document, "imanDavenport"),
      pImanDavenport: nullableNumberField(document, "pImanDavenport"),
      criticalDifference: nullableNumberField(document, "criticalDifference"),
      cliques,
      nDatasets: numberField(document, "nDatasets"),
      notes: stringsField(document, "notes"),
    };
  },
};

function isRows(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((row) => typeof row === "number");
}
