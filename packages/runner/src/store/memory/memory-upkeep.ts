import { digestOf, hashText, type Digest, type Fingerprint, type Recipe } from "../../hash/digests.ts";
import {
  dayOf,
  type InventoryContentAnswer,
  type InventoryShard,
  type StoreInventory,
  type StoreRemoval,
  type StoreUpkeep,
  type VerifyProgress,
  type VerifyReport,
} from "../upkeep.ts";
import type { RunId } from "../store.ts";
import type { MemoryAnswerEntries } from "./memory-answers.ts";
import type { RecipeRows } from "./memory-rows.ts";
import type { MemoryRuns } from "./memory-runs.ts";

/** Everything that a store in memory holds. */
export interface MemoryEntries {
  readonly answers: MemoryAnswerEntries;
  readonly recipes: Map<Recipe, RecipeRows>;
  readonly runs: MemoryRuns;
}

export function createMemoryUpkeep(entries: MemoryEntries): StoreUpkeep {
  const { answers } = entries.answers;
  return {
    verify: () => verify(entries),
    noteUse: (fingerprints, at) => {
      for (const fingerprint of fingerprints) {
        const answer = answers.get(fingerprint);
        if (answer === undefined) continue;
        answers.set(fingerprint, { ...answer, lastUsedDay: Math.max(answer.lastUsedDay, dayOf(at)) });
      }
    },
    takeInventory: () => takeInventory(entries),
    remove: (removal) => remove(entries, removal),
    *giveBackSpace() {
      // Memory is given back by itself.
    },
  };
}

/** Memory does not rot: what can be wrong is what was wrong when it was saved. */
function* verify(entries: MemoryEntries): Generator<VerifyProgress, VerifyReport> {
  const { manifests, answers, artifacts, contents } = entries.answers;
  const damaged = new Map<string, number>();
  const lost = new Set<Fingerprint>();
  const note = (table: string): void => {
    damaged.set(table, (damaged.get(table) ?? 0) + 1);
  };
  for (const [fingerprint, manifest] of manifests) {
    if (hashText<Fingerprint>("fingerprint", manifest) === fingerprint) continue;
    note("question");
    manifests.delete(fingerprint);
  }
  const shards = listShards(entries);
  const checked = {
    question: manifests.size + (damaged.get("question") ?? 0),
    artifact: artifacts.size,
    answer: answers.size,
    content_answer: listContents(entries.answers).length,
    feature_row: shards.reduce((sum, { examples }) => sum + examples.length, 0),
  };
  const rowBytes = shards.reduce((sum, { examples, bytesPerRow }) => sum + examples.length * bytesPerRow, 0);
  const totalBytes = rowBytes + [...artifacts.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
  yield { bytes: 0, totalBytes };
  for (const [digest, { bytes }] of artifacts) {
    if (digestOf(bytes) === digest) continue;
    note("artifact");
    artifacts.delete(digest);
    for (const [fingerprint, { artifact }] of answers) if (artifact === digest) lost.add(fingerprint);
    for (const ofRecipe of contents.values()) {
      for (const [key, { artifact }] of ofRecipe) if (artifact === digest) ofRecipe.delete(key);
    }
  }
  for (const fingerprint of lost) answers.delete(fingerprint);
  const slots = entries.runs.tasks.filter(({ fingerprint }) => lost.has(fingerprint)).map(({ slot }) => slot);
  return {
    checked,
    bytes: totalBytes,
    damaged: Object.fromEntries(damaged),
    slots: [...new Set(slots)].sort(),
    rowPrograms: [],
  };
}

function* takeInventory(entries: MemoryEntries): Generator<void, StoreInventory> {
  yield;
  const { answers, artifacts } = entries.answers;
  const shards = listShards(entries);
  const sizes = [...artifacts].map(([digest, { kind, bytes }]) => ({ digest, kind, bytes: bytes.length }));
  return {
    usedBytes:
      sizes.reduce((sum, { bytes }) => sum + bytes, 0) +
      shards.reduce((sum, { examples, bytesPerRow }) => sum + examples.length * bytesPerRow, 0),
    answers: [...answers].map(([fingerprint, { artifact, run, lastUsedDay }]) => ({
      ...{ fingerprint, artifact, run },
      day: Math.max(lastUsedDay, dayOf(entries.runs.require(run).startedAt)),
    })),
    contentAnswers: listContents(entries.answers),
    artifacts: sizes,
    shards,
  };
}

function listContents({ contents }: MemoryAnswerEntries): readonly InventoryContentAnswer[] {
  return [...contents].flatMap(([recipe, ofRecipe]) =>
    [...ofRecipe].map(([key, { artifact }]) => ({ recipe, key, artifact })),
  );
}

/** The rows of one recipe that one run made count as a shard. */
function listShards({ recipes, runs }: MemoryEntries): readonly InventoryShard[] {
  return [...recipes].flatMap(([recipe, { rows, makers }]) => {
    const byRun = new Map<RunId, string[]>();
    for (const [example, { run }] of makers) {
      const made = byRun.get(run);
      if (made === undefined) byRun.set(run, [example]);
      else made.push(example);
    }
    return [...byRun].map(([run, examples], id) => ({
      ...{ id, recipe, run, examples },
      bytesPerRow: rows.get(examples[0] ?? "")?.byteLength ?? 0,
      day: dayOf(runs.require(run).startedAt),
    }));
  });
}

function* remove({ answers: held, recipes, runs }: MemoryEntries, removal: StoreRemoval): Generator<void, void> {
  const { answers, artifacts, contents, manifests } = held;
  for (const fingerprint of removal.answers) answers.delete(fingerprint);
  for (const { recipe, key } of removal.contentAnswers) contents.get(recipe)?.delete(key);
  yield;
  const used = new Set<Digest>([...answers.values(), ...listContents(held)].map(({ artifact }) => artifact));
  for (const digest of removal.artifacts) if (!used.has(digest)) artifacts.delete(digest);
  for (const { recipe, examples } of removal.rows) {
    for (const example of examples) {
      recipes.get(recipe)?.rows.delete(example);
      recipes.get(recipe)?.makers.delete(example);
    }
  }
  const before = removal.historyBefore;
  if (before === null) return;
  const newest = new Map(runs.tasks.map((task) => [task.slot, task]));
  const kept = runs.tasks.filter(
    (task) =>
      newest.get(task.slot) === task ||
      answers.has(task.fingerprint) ||
      runs.require(task.run).startedAt.getTime() >= before.getTime(),
  );
  runs.tasks.splice(0, runs.tasks.length, ...kept);
  const asked = new Set(kept.map(({ fingerprint }) => fingerprint));
  for (const fingerprint of manifests.keys()) {
    if (!answers.has(fingerprint) && !asked.has(fingerprint)) manifests.delete(fingerprint);
  }
}
