import type { AttentionClassifier } from "./attention.ts";
import type { AuditedIndex } from "./audited.ts";
import type { BackboneModel } from "./backbone.ts";
import type { Choice, Chosen } from "./choice.ts";
import type { Classifier } from "./classifier.ts";
import type { Comparison } from "./comparison.ts";
import type { DatasetIndex } from "./dataset.ts";
import type { ExampleSet } from "./examples.ts";
import type { FeatureMatrix } from "./features.ts";
import type { Predictions } from "./predictions.ts";
import type { Ranking } from "./ranking.ts";
import type { Resamples } from "./resamples.ts";
import type { Score } from "./score.ts";

/** Every kind of artifact and what an op sees of it. The codec of a kind lies in its own file. */
export interface ArtifactKinds {
  readonly dataset: DatasetIndex;
  readonly audited: AuditedIndex;
  readonly examples: ExampleSet;
  readonly backbone: BackboneModel;
  readonly features: FeatureMatrix;
  readonly classifier: Classifier;
  readonly attention: AttentionClassifier;
  readonly predictions: Predictions;
  readonly score: Score;
  readonly choice: Choice;
  readonly chosen: Chosen;
  readonly resamples: Resamples;
  readonly comparison: Comparison;
  readonly ranking: Ranking;
}

export type KindName = keyof ArtifactKinds;
