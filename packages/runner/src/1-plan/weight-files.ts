import { basename } from "node:path";
import type { StoredWeightsValue, Task } from "@exp-lab/dsl";
import { findWeights, OpError } from "@exp-lab/ops";
import { canonicalJson } from "../hash/canonical-json.ts";
import type { Store, WeightSourceFile } from "../store/store.ts";
import { isStoredWeights } from "./param-values.ts";
import type { HashedFile, TaskFile } from "./file-digests.ts";

export interface WeightFiles {
  /** The main file under its parameter first, then the shards that it names. */
  readonly files: readonly TaskFile[];
  /** Weights that are not on this machine, and were: what they consisted of then. */
  readonly remembered: readonly RememberedWeights[];
  /** How many parameters name weights that were never on this machine, as far as the store knows. */
  readonly absent: number;
}

export interface RememberedWeights {
  readonly param: string;
  /** The main one first. */
  readonly files: readonly WeightSourceFile[];
}

export interface WeightLookup {
  readonly digestOf: (path: string) => Promise<string>;
  /** What weights consisted of that are gone by now; null where that is not known. */
  readonly recall: (source: string) => readonly WeightSourceFile[] | null;
}

/** The name of a source in the store. */
export function weightSourceKey(value: StoredWeightsValue): string {
  return canonicalJson({ ...value });
}

/** Whether any of a task's parameters names weights that lie in files: few of a plan's many tasks do. */
export function namesWeights({ params }: Pick<Task, "params">): boolean {
  return Object.values(params).some(isStoredWeights);
}

/**
 * The files of the weights that a task names, as they lie on this machine; no network is used.
 * @throws OpError for a program's mistake in naming them, with its line
 */
export async function weightFiles(task: Task, { digestOf, recall }: WeightLookup): Promise<WeightFiles> {
  const files: TaskFile[] = [];
  const remembered: RememberedWeights[] = [];
  let absent = 0;
  for (const [param, value] of Object.entries(task.params)) {
    if (!isStoredWeights(value)) continue;
    // That a program's own file is missing is told better where it is asked for its stat.
    const found = await findWeights(value, { digestOf }).catch((error: unknown) => {
      throw withPlace(error, task, param);
    });
    if (found.status === "absent") {
      const known = value.weights === "file" ? null : recall(weightSourceKey(value));
      if (value.weights === "file") files.push({ param, name: basename(value.path), path: value.path });
      else if (known !== null) remembered.push({ param, files: known });
      else absent += 1;
      continue;
    }
    const source = value.weights === "file" ? {} : { source: weightSourceKey(value) };
    const promised = value.weights === "url" ? { expected: value.sha256 } : {};
    found.files.forEach(({ name, path, sha256 }, index) => {
      const expected = sha256 === null ? promised : { expected: sha256 };
      files.push({ param: index === 0 ? param : null, name, path, ...expected, ...source });
    });
  }
  return { files, remembered, absent };
}

/** So that their answers are found once the cache has been cleaned. */
export function rememberWeights(files: readonly HashedFile[], store: Store): void {
  const sources = new Map<string, WeightSourceFile[]>();
  for (const { source, name, path, digest, stat } of files) {
    if (source === undefined) continue;
    const entry = { name, digest, bytes: Number(stat.size), revision: commitOf(path) };
    sources.set(source, [...(sources.get(source) ?? []), entry]);
  }
  for (const [source, found] of sources) {
    const known = store.findWeightSource(source);
    if (JSON.stringify(known) !== JSON.stringify(found)) store.saveWeightSource(source, found);
  }
}

/** The commit that a file of the hub's cache is of, which its folder is named by; null for every other file. */
export function commitOf(path: string): string | null {
  return /[/\\]models--[^/\\]+[/\\]snapshots[/\\]([0-9a-f]{40})[/\\]/.exec(path)?.[1] ?? null;
}

function withPlace(error: unknown, task: Task, param: string): unknown {
  if (!(error instanceof OpError)) return error;
  const { file, line } = task.paramOrigins[param] ?? task.origin;
  return new OpError(error.code, `${error.message} (named at ${file}:${String(line)})`, error.hint);
}
