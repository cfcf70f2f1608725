import { decodeDocument, encodeDocument, type ArtifactCodec, damagedArtifact } from "./document-codec.ts";
import { nullableNumbersField, numberField, stringField, stringsField } from "./document-fields.ts";

/** What a search has chosen, and what it has chosen among: small, and readable as it is stored. */
export interface Choice {
  /** The values that the chosen head takes in place of its own parameters. */
  readonly settings: Settings;
  readonly metric: string;
  readonly want: "max" | "min";
  /** The points in the order of the grid, and the score of each; null where a point could not be scored. */
  readonly points: readonly Settings[];
  readonly scores: readonly (number | null)[];
  /** The position of the chosen point: the first of those with the best score. */
  readonly chosen: number;
  /** What a reader of a score of the chosen head must know, one sentence each: that the choice lies on the grid's edge. */
  readonly notes: readonly string[];
}

/** What the chosen head takes: a wider search that comes to the same gives the same bytes, and nothing is fitted again. */
export type Chosen = Pick<Choice, "settings" | "notes">;

/** @throws OpError `artifact-damaged` (decoding) */
export const chosenCodec: ArtifactCodec<Chosen> = {
  encode: ({ settings, notes }) => encodeDocument({ kind: "chosen", fields: { settings, notes }, arrays: {} }),
  decode: (bytes) => {
    const document = decodeDocument("chosen", bytes);
    const { settings } = document.fields;
    if (!isSettings(settings)) throw damagedArtifact("chosen", "its settings are not plain values");
    return { settings, notes: stringsField(document, "notes") };
  },
};

export type Settings = Readonly<Record<string, SettingValue>>;
export type SettingValue = null | boolean | number | string | readonly (number | string)[];

/** @throws OpError `artifact-damaged` (decoding) where points and scores do not fit each other */
export const choiceCodec: ArtifactCodec<Choice> = {
  encode: (choice) => encodeDocument({ kind: "choice", fields: { ...choice }, arrays: {} }),
  decode: (bytes) => {
    const document = decodeDocument("choice", bytes);
    const { settings, points, want } = document.fields;
    const scores = nullableNumbersField(document, "scores");
    const chosen = numberField(document, "chosen");
    if (!isSettings(settings)) throw damagedArtifact("choice", "its settings are not plain values");
    if (!Array.isArray(points) || !points.every(isSettings))
      throw damagedArtifact("choice", "a point is not plain values");
    if (points.length !== scores.length || points[chosen] === undefined) {
      throw damagedArtifact("choice", "its points do not match its scores");
    }
    if (want !== "max" && want !== "min") throw damagedArtifact("choice", "it says neither max nor min");
    const metric = stringField(document, "metric");
    return { settings, metric, want, points, scores, chosen, notes: stringsField(document, "notes") };
  },
};

function isSettings(value: unknown): value is Settings {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
