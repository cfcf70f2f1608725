import type { RowLayout } from "../rows.ts";
import { damagedArtifact, decodeDocument, encodeDocument, type ArtifactCodec } from "./document-codec.ts";
import { arrayOf, numberField, objectsField, stringField, stringsField } from "./document-fields.ts";

/** Feature rows in the order of an `ExampleSet`: those of a per-example op, or those that a single op has made whole. */
export interface FeatureMatrix {
  readonly layout: RowLayout;
  /** Example digests, in row order. */
  readonly digests: readonly string[];
  /** Row-major float32, `digests.length` rows of all the layout's parts. */
  readonly data: Float32Array;
  /** What a reader of a score on these rows must know of them, one sentence each; absent where there is nothing. */
  readonly notes?: readonly string[];
}

/**
 * For features that a single op makes: the rows of a per-example op lie in shards, and its artifact names them.
 * @throws Error (encoding) or OpError `artifact-damaged` (decoding) where rows, layout and values do not fit each other
 */
export const featuresCodec: ArtifactCodec<FeatureMatrix> = {
  encode: (features) => {
    const wrong = problemOf(features);
    if (wrong !== null) throw new Error(`Refusing to store these features: ${wrong}.`);
    const { layout, digests, data, notes = [] } = features;
    const parts = layout.parts.map(({ name, width }) => ({ name, width }));
    const fields = { parts, defaultPart: layout.defaultPart, digests, notes };
    return encodeDocument({ kind: "features", fields, arrays: { data } });
  },
  decode: (bytes) => {
    const document = decodeDocument("features", bytes);
    const parts = objectsField(document, "parts").map((part) => ({
      name: stringField(part, "name"),
      width: numberField(part, "width"),
    }));
    const features: FeatureMatrix = {
      layout: { parts, defaultPart: stringField(document, "defaultPart") },
      digests: stringsField(document, "digests"),
      data: arrayOf(document, "data", Float32Array),
      notes: stringsField(document, "notes"),
    };
    const wrong = problemOf(features);
    if (wrong !== null) throw damagedArtifact("features", wrong);
    return features;
  },
};

/** What is inconsistent; null where all fits. */
function problemOf({ layout, digests, data }: FeatureMatrix): string | null {
  const { parts, defaultPart } = layout;
  if (!parts.some(({ name }) => name === defaultPart)) return "its default part is none of its parts";
  if (!parts.every(({ width }) => Number.isSafeInteger(width) && width > 0)) return "a part has no width";
  const width = parts.reduce((sum, part) => sum + part.width, 0);
  if (data.length !== digests.length * width) {
    return `it has ${String(data.length)} values for ${String(digests.length)} rows of ${String(width)}`;
  }
  return null;
}
