import type { Store } from "../store.ts";
import { createMemoryAnswers } from "./memory-answers.ts";
import { createMemoryLeases } from "./memory-leases.ts";
import { createMemoryRows } from "./memory-rows.ts";
import { createMemoryUpkeep } from "./memory-upkeep.ts";
import { createMemoryRuns } from "./memory-runs.ts";
import { randomBytes } from "node:crypto";
import { formerEnds, requireHash } from "../store-arguments.ts";
import type { Digest } from "../../hash/digests.ts";
import type { FileStat, WeightSourceFile } from "../store.ts";

/** A store that lasts as long as the process: for runs that keep nothing, and for tests of the engine. */
export function openMemoryStore(): Store {
  const runs = createMemoryRuns();
  const leases = createMemoryLeases();
  const answers = createMemoryAnswers(runs, leases);
  const rows = createMemoryRows(runs);
  const files = new Map<string, { readonly stat: FileStat; readonly digest: Digest }>();
  const weightSources = new Map<string, readonly WeightSourceFile[]>();
  const pseudonymKey = new Uint8Array(randomBytes(32));

  return {
    ...answers.operations,
    ...rows.operations,
    ...leases.operations,
    ...runs.operations,
    saveRunTask: (task) => {
      runs.require(task.run);
      answers.saveQuestion(task.fingerprint, task.manifest);
      runs.saveTask(task);
    },
    findFormerAnswers: (slots) => {
      const past = runs.pastQuestions(slots, formerEnds);
      const found = [...past].map(([slot, questions]): [string, Digest | undefined] => [
        slot,
        questions.map((fingerprint) => answers.find(fingerprint)?.artifact).find((artifact) => artifact !== undefined),
      ]);
      return new Map(found.flatMap(([slot, artifact]) => (artifact === undefined ? [] : [[slot, artifact]])));
    },
    findMaker: (fingerprint) => {
      const answer = answers.find(fingerprint);
      if (answer === null) return null;
      const { run, program, startedAt } = runs.require(answer.run);
      return { run, program, startedAt, seconds: answer.seconds };
    },
    ...createMemoryUpkeep({ answers: answers.entries, recipes: rows.recipes, runs }),
    findFileDigest: (stat) => {
      const entry = files.get(fileKey(stat));
      return entry !== undefined && isSameState(entry.stat, stat) ? entry.digest : null;
    },
    saveFileDigests: (entries) => {
      entries.forEach(({ digest }) => {
        requireHash(digest);
      });
      for (const entry of entries) files.set(fileKey(entry.stat), entry);
    },
    findWeightSource: (source) => weightSources.get(source) ?? null,
    saveWeightSource: (source, sourceFiles) => {
      sourceFiles.forEach(({ digest }) => {
        requireHash(digest);
      });
      weightSources.set(source, structuredClone(sourceFiles));
    },
    pseudonymKey: () => pseudonymKey.slice(),
    statistics: () => ({
      path: "memory",
      fileBytes: 0,
      shardFiles: 0,
      shardFileBytes: 0,
      ...answers.statistics(),
      ...rows.statistics(),
      runs: runs.count(),
      damaged: 0,
    }),
    close: () => undefined,
  };
}

function fileKey({ device, inode }: FileStat): string {
  return `${String(device)}:${String(inode)}`;
}

function isSameState(a: FileStat, b: FileStat): boolean {
  return a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs;
}
