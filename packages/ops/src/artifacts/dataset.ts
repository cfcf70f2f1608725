import { splitNames, type SplitName } from "@exp-lab/dsl";
import {
  damagedArtifact,
  decodeDocument,
  encodeDocument,
  type ArtifactCodec,
  type ArtifactDocument,
  type JsonObject,
} from "./document-codec.ts";
import { stringsField } from "./document-fields.ts";
import { decodeExamples, exampleFields, problemOf, type LabelledExamples } from "./examples.ts";

/** A data set's index: what there is, before any choice of shots or folds. Holds no path of this machine. */
export interface DatasetIndex extends LabelledExamples {
  /** The split that the source itself assigns, per example; examples are in the source's own order. */
  readonly splits: readonly SplitName[];
  /** What a reader of a score must know of the source, one sentence each, e.g. which files were left out. Absent: nothing. */
  readonly notes?: readonly string[];
}

/** @throws Error (encoding) or OpError `artifact-damaged` (decoding) where examples, labels and splits do not fit each other */
export const datasetCodec: ArtifactCodec<DatasetIndex> = {
  encode: (index) => {
    const problem = problemOfIndex(index);
    if (problem !== null) throw new Error(`Refusing to store this data set: ${problem}.`);
    const { notes } = index;
    const fields = { ...indexFields(index), ...(notes !== undefined && { notes }) };
    return encodeDocument({ kind: "dataset", fields, arrays: { labels: index.labels.values } });
  },
  decode: (bytes) => {
    const document = decodeDocument("dataset", bytes);
    const index = decodeIndex(document);
    return "notes" in document.fields ? { ...index, notes: stringsField(document, "notes") } : index;
  },
};

/** The fields of an index but for its labels, which are an array. Shared with the kind `audited`. */
export function indexFields(index: DatasetIndex): JsonObject {
  return { ...exampleFields(index), splits: index.splits };
}

/** The inverse of `indexFields`. @throws OpError `artifact-damaged` */
export function decodeIndex(document: ArtifactDocument): DatasetIndex {
  const set = decodeExamples(document);
  const splits = stringsField(document, "splits").filter(isSplitName);
  if (splits.length !== set.examples.length) {
    throw damagedArtifact(document.kind, "not every example has a known split");
  }
  return { ...set, splits };
}

/** What is inconsistent in an index; null where all fits. */
export function problemOfIndex(index: DatasetIndex): string | null {
  return problemOf(index) ?? (index.splits.length === index.examples.length ? null : "examples lack a split");
}

function isSplitName(text: string): text is SplitName {
  return (splitNames as readonly string[]).includes(text);
}
