import { decodeIndex, indexFields, problemOfIndex, type DatasetIndex } from "./dataset.ts";
import { decodeDocument, encodeDocument, type ArtifactCodec } from "./document-codec.ts";
import { stringsField } from "./document-fields.ts";

/** A data set's index after the audit: what leaked between its splits has left the earlier one, or was allowed. */
export interface AuditedIndex extends DatasetIndex {
  /** What was dropped, allowed or found to contradict itself, one sentence each; for every score on `val` and `test`. */
  readonly notes: readonly string[];
}

/** @throws Error (encoding) or OpError `artifact-damaged` (decoding) where examples, labels and splits do not fit each other */
export const auditedCodec: ArtifactCodec<AuditedIndex> = {
  encode: (index) => {
    const problem = problemOfIndex(index);
    if (problem !== null) throw new Error(`Refusing to store this audited data set: ${problem}.`);
    const fields = { ...indexFields(index), notes: index.notes };
    return encodeDocument({ kind: "audited", fields, arrays: { labels: index.labels.values } });
  },
  decode: (bytes) => {
    const document = decodeDocument("audited", bytes);
    return { ...decodeIndex(document), notes: stringsField(document, "notes") };
  },
};
