import { splitNames, type SplitName } from "@exp-lab/dsl";
import { damagedArtifact, decodeDocument, encodeDocument, type ArtifactCodec } from "./document-codec.ts";
import { stringsField } from "./document-fields.ts";
import { decodeExamples, exampleFields, problemOf, type LabelledExamples } from "./examples.ts";

/** A data set's index: what there is, before any choice of shots or folds. Holds no path of this machine. */
export interface DatasetIndex extends LabelledExamples {
  /** The split that the source itself assigns, per example; examples are in the source's own order. */
  readonly splits: readonly SplitName[];
}

/** @throws Error (encoding) or OpError `artifact-damaged` (decoding) where examples, labels and splits do not fit each other */
export const datasetCodec: ArtifactCodec<DatasetIndex> = {
  encode: (index) => {
    const problem =
      problemOf(index) ?? (index.splits.length === index.examples.length ? null : "examples lack a split");
    if (problem !== null) throw new Error(`Refusing to store this data set: ${problem}.`);
    const fields = { ...exampleFields(index), splits: index.splits };
    return encodeDocument({ kind: "dataset", fields, arrays: { labels: index.labels.values } });
  },
  decode: (bytes) => {
    const document = decodeDocument("dataset", bytes);
    const set = decodeExamples(document);
    const splits = stringsField(document, "splits").filter(isSplitName);
    if (splits.length !== set.examples.length) throw damagedArtifact("dataset", "not every example has a known split");
    return { ...set, splits };
  },
};

function isSplitName(text: string): text is SplitName {
  return (splitNames as readonly string[]).includes(text);
}
