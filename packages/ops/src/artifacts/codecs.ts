import { backboneCodec } from "./backbone.ts";
import { choiceCodec, chosenCodec } from "./choice.ts";
import { classifierCodec } from "./classifier.ts";
import { datasetCodec } from "./dataset.ts";
import type { ArtifactCodec } from "./document-codec.ts";
import { examplesCodec } from "./examples.ts";
import type { ArtifactKinds, KindName } from "./kinds.ts";
import { predictionsCodec } from "./predictions.ts";
import { scoreCodec } from "./score.ts";

/** The kinds that are stored as one artifact. Features are not: the runner keeps their rows in shards. */
type StoredKind = Exclude<KindName, "features">;

const codecs: { readonly [Kind in StoredKind]: ArtifactCodec<ArtifactKinds[Kind]> } = {
  dataset: datasetCodec,
  examples: examplesCodec,
  backbone: backboneCodec,
  classifier: classifierCodec,
  predictions: predictionsCodec,
  score: scoreCodec,
  choice: choiceCodec,
  chosen: chosenCodec,
};

/** The codec of a kind that is known only at run time. @throws where the kind has none: a mistake in an op's signature */
export function codecOf(kind: string): ArtifactCodec<ArtifactKinds[KindName]> {
  if (!(kind in codecs)) throw new Error(`Artifacts of kind "${kind}" have no codec.`);
  return codecs[kind as StoredKind];
}
