import type { ContentKey, Digest, Fingerprint, Recipe } from "../../hash/digests.ts";
import { requireHash, requireSameKind } from "../store-arguments.ts";
import type { ContentAnswer, RunId, Store, StoredArtifact, StoreStatistics } from "../store.ts";
import type { MemoryLeases } from "./memory-leases.ts";
import type { MemoryRuns } from "./memory-runs.ts";

/** Questions, answers and artifacts. */
export interface MemoryAnswers {
  readonly operations: Pick<
    Store,
    | "findAnswers"
    | "saveAnswer"
    | "linkAnswer"
    | "findContentAnswer"
    | "readArtifact"
    | "readArtifacts"
    | "dropArtifact"
    | "readManifest"
    | "findQuestionsOf"
  >;
  saveQuestion(fingerprint: Fingerprint, manifest: string): void;
  find(fingerprint: Fingerprint): MemoryAnswer | null;
  statistics(): Pick<StoreStatistics, "answers" | "artifacts" | "artifactBytes">;
  readonly entries: MemoryAnswerEntries;
}

export interface MemoryAnswer {
  readonly artifact: Digest;
  readonly kind: string;
  readonly run: RunId;
  readonly seconds: number;
  /** The day of its last use by a run that did not make it; 0 where there was none. */
  readonly lastUsedDay: number;
}

/** What is held, to be looked through and removed from. */
export interface MemoryAnswerEntries {
  readonly manifests: Map<Fingerprint, string>;
  readonly answers: Map<Fingerprint, MemoryAnswer>;
  readonly artifacts: Map<Digest, StoredArtifact>;
  readonly contents: Map<Recipe, Map<ContentKey, ContentAnswer>>;
}

export function createMemoryAnswers(runs: MemoryRuns, leases: MemoryLeases): MemoryAnswers {
  const manifests = new Map<Fingerprint, string>();
  const answers = new Map<Fingerprint, MemoryAnswer>();
  const artifacts = new Map<Digest, StoredArtifact>();
  const contents = new Map<Recipe, Map<ContentKey, ContentAnswer>>();

  const saveQuestion = (fingerprint: Fingerprint, manifest: string): void => {
    requireHash(fingerprint);
    addNew(manifests, fingerprint, manifest);
  };

  const readArtifact = (digest: Digest): StoredArtifact | null => {
    requireHash(digest);
    const artifact = artifacts.get(digest);
    return artifact === undefined ? null : { kind: artifact.kind, bytes: Uint8Array.from(artifact.bytes) };
  };

  return {
    operations: {
      findAnswers: (fingerprints) => {
        fingerprints.forEach(requireHash);
        return new Map(
          fingerprints.flatMap((fingerprint) => {
            const answer = answers.get(fingerprint);
            return answer === undefined ? [] : [[fingerprint, { artifact: answer.artifact, kind: answer.kind }]];
          }),
        );
      },
      saveAnswer: ({ fingerprint, manifest, kind, artifact, bytes, content, lease, run, seconds }) => {
        runs.require(run);
        if (lease !== undefined && !leases.end(fingerprint, lease)) return false;
        requireHash(artifact);
        requireSameKind(artifacts.get(artifact)?.kind ?? kind, kind);
        saveQuestion(fingerprint, manifest);
        addNew(artifacts, artifact, { kind, bytes: Uint8Array.from(bytes) });
        addNew(answers, fingerprint, { artifact, kind, run, seconds, lastUsedDay: 0 });
        if (content !== undefined) {
          [content.key, content.recipe].forEach(requireHash);
          addNew(contents, content.recipe, new Map<ContentKey, ContentAnswer>());
          const ofRecipe = contents.get(content.recipe);
          if (ofRecipe !== undefined) addNew(ofRecipe, content.key, { inputs: { ...content.inputs }, artifact, kind });
        }
        return true;
      },
      linkAnswer: ({ fingerprint, manifest, kind, artifact, run }) => {
        runs.require(run);
        saveQuestion(fingerprint, manifest);
        if (artifacts.has(artifact)) addNew(answers, fingerprint, { artifact, kind, run, seconds: 0, lastUsedDay: 0 });
      },
      findContentAnswer: (recipe, key) => {
        [recipe, key].forEach(requireHash);
        return contents.get(recipe)?.get(key) ?? null;
      },
      readArtifact,
      readArtifacts: (digests) =>
        new Map(
          digests.flatMap((digest) => {
            const artifact = readArtifact(digest);
            return artifact === null ? [] : [[digest, artifact]];
          }),
        ),
      dropArtifact: (digest) => {
        requireHash(digest);
        artifacts.delete(digest);
        removeAnswersOf(digest, answers);
        for (const ofRecipe of contents.values()) removeAnswersOf(digest, ofRecipe);
      },
      findQuestionsOf: (artifact) => {
        requireHash(artifact);
        return [...answers].flatMap(([fingerprint, answer]) => (answer.artifact === artifact ? [fingerprint] : []));
      },
      readManifest: (fingerprint) => {
        requireHash(fingerprint);
        return manifests.get(fingerprint) ?? null;
      },
    },
    entries: { manifests, answers, artifacts, contents },
    saveQuestion,
    find: (fingerprint) => answers.get(fingerprint) ?? null,
    statistics: () => ({
      answers: answers.size,
      artifacts: artifacts.size,
      artifactBytes: [...artifacts.values()].reduce((bytes, artifact) => bytes + artifact.bytes.length, 0),
    }),
  };
}

function removeAnswersOf<Key>(artifact: Digest, answers: Map<Key, { readonly artifact: Digest }>): void {
  for (const [key, answer] of answers) if (answer.artifact === artifact) answers.delete(key);
}

/** What is there already stays as it is. */
function addNew<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
  if (!map.has(key)) map.set(key, value);
}
