import { scoreCodec, type Score } from "@exp-lab/ops";
import type { Digest } from "../hash/digests.ts";
import type { Store } from "../store/store.ts";

/** Reads scores by the digests of their artifacts. What cannot be read is absent. */
export type ReadScores = (artifacts: readonly Digest[]) => ReadonlyMap<Digest, Score>;

/** A reader that reads each score once: what a digest stands for never changes. */
export function createScoreReader(store: Pick<Store, "readArtifacts">): ReadScores {
  const known = new Map<Digest, Score>();
  return (artifacts) => {
    const unread = artifacts.filter((artifact) => !known.has(artifact));
    for (const [artifact, { bytes }] of store.readArtifacts(unread)) known.set(artifact, scoreCodec.decode(bytes));
    return known;
  };
}
