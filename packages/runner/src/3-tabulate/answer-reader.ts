import {
  comparisonCodec,
  rankingCodec,
  scoreCodec,
  type ArtifactCodec,
  type Comparison,
  type Ranking,
  type Score,
} from "@exp-lab/ops";
import type { Digest } from "../hash/digests.ts";
import type { Store } from "../store/store.ts";

/** Reads answers of one kind by the digests of their artifacts. What cannot be read is absent. */
export type Read<Answer> = (artifacts: readonly Digest[]) => ReadonlyMap<Digest, Answer>;

/** Reads what tables are made of. */
export interface AnswerReader {
  readonly scores: Read<Score>;
  readonly comparisons: Read<Comparison>;
  readonly rankings: Read<Ranking>;
}

/** A reader that reads each answer once: what a digest stands for never changes. */
export function createAnswerReader(store: Pick<Store, "readArtifacts">): AnswerReader {
  return {
    scores: readOnce(store, scoreCodec),
    comparisons: readOnce(store, comparisonCodec),
    rankings: readOnce(store, rankingCodec),
  };
}

function readOnce<Answer>(store: Pick<Store, "readArtifacts">, codec: ArtifactCodec<Answer>): Read<Answer> {
  const known = new Map<Digest, Answer>();
  return (artifacts) => {
    const unread = artifacts.filter((artifact) => !known.has(artifact));
    for (const [artifact, { bytes }] of store.readArtifacts(unread)) known.set(artifact, codec.decode(bytes));
    return known;
  };
}
