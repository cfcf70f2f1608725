import { attentionCodec } from "./attention.ts";
import { auditedCodec } from "./audited.ts";
import { backboneCodec } from "./backbone.ts";
import { choiceCodec, chosenCodec } from "./choice.ts";
import { classifierCodec } from "./classifier.ts";
import { comparisonCodec } from "./comparison.ts";
import { datasetCodec } from "./dataset.ts";
import type { ArtifactCodec } from "./document-codec.ts";
import { examplesCodec } from "./examples.ts";
import { featuresCodec } from "./features.ts";
import type { ArtifactKinds, KindName } from "./kinds.ts";
import { predictionsCodec } from "./predictions.ts";
import { rankingCodec } from "./ranking.ts";
import { resamplesCodec } from "./resamples.ts";
import { scoreCodec } from "./score.ts";

/** One line per kind. Of the features that a per-example op makes the runner keeps the rows in shards instead. */
const codecs: { readonly [Kind in KindName]: ArtifactCodec<ArtifactKinds[Kind]> } = {
  dataset: datasetCodec,
  audited: auditedCodec,
  examples: examplesCodec,
  backbone: backboneCodec,
  features: featuresCodec,
  classifier: classifierCodec,
  attention: attentionCodec,
  predictions: predictionsCodec,
  score: scoreCodec,
  choice: choiceCodec,
  chosen: chosenCodec,
  resamples: resamplesCodec,
  comparison: comparisonCodec,
  ranking: rankingCodec,
};

/** The codec of a kind that is known only at run time. @throws where the kind has none: a mistake in an op's signature */
export function codecOf(kind: string): ArtifactCodec<ArtifactKinds[KindName]> {
  if (!(kind in codecs)) throw new Error(`Artifacts of kind "${kind}" have no codec.`);
  return codecs[kind as KindName];
}
