import { manifestOf } from "../1-plan/manifest.ts";
import type { Origin } from "@exp-lab/dsl";
import type { PlannedById, PlannedTask } from "../1-plan/plan.ts";
import { decodeRowSet } from "../2-execute/row-set.ts";
import type { RowMaker, RunId, Store, StoredRun } from "../store/store.ts";
import { findTaskMaker, type TaskMaker } from "./find-task-maker.ts";

/** Where an answer comes from: everything under it, down to the files. */
export interface Provenance {
  /** Inputs first; the task itself is the last. */
  readonly tasks: readonly TaskProvenance[];
  /** The runs that made any of it, oldest first; those that the store cannot read any more are not among them. */
  readonly runs: readonly StoredRun[];
}

export interface TaskProvenance {
  readonly planned: PlannedTask;
  readonly files: readonly FileProvenance[];
  /** Null where it has no answer yet, or nobody knows any more who made it. */
  readonly maker: TaskMaker | null;
  /** Who made the rows of a per-example task. */
  readonly rows: readonly RowMaker[];
}

/** A file that a task read, or the files that its op found; told without a path of the machine. */
export interface FileProvenance {
  /** The parameter that names it; `sources` for files that the op found. */
  readonly name: string;
  readonly digest: string;
  /** Null where it is not known. */
  readonly bytes: number | null;
  readonly count: number;
  readonly origin: Origin;
}

export function findProvenance(planned: PlannedTask, byId: PlannedById, store: Store): Provenance {
  const tasks = upstreamFirst(planned, byId).map((task): TaskProvenance => {
    const maker = findTaskMaker(task, byId, store);
    return { planned: task, files: filesOf(task), maker, rows: rowsOf(task, store) };
  });
  const numbers = new Set(tasks.flatMap(({ maker, rows }) => [maker?.run ?? [], ...rows.map(({ run }) => run)].flat()));
  const runs = [...numbers].sort((a: RunId, b: RunId) => a - b).flatMap((run) => store.findRun(run) ?? []);
  return { tasks, runs };
}

function upstreamFirst(planned: PlannedTask, byId: PlannedById): readonly PlannedTask[] {
  const found = new Set<PlannedTask>();
  const visited = new Set<string>();
  const visit = (task: PlannedTask): void => {
    if (visited.has(task.task.id)) return;
    visited.add(task.task.id);
    for (const id of Object.values(task.task.inputs)) {
      const upstream = byId.get(id);
      if (upstream !== undefined) visit(upstream);
    }
    found.add(task);
  };
  visit(planned);
  return [...found];
}

function filesOf({ task, question }: PlannedTask): readonly FileProvenance[] {
  const entries = Object.entries(question === null ? {} : manifestOf(question).files);
  return entries.map(([name, entry]) => {
    const origin = task.paramOrigins[name] ?? task.origin;
    if (typeof entry !== "string") return { name, ...entry, origin };
    return { name, digest: entry, bytes: sizeOf(task.params[name], question), count: 1, origin };
  });
}

/** The size that the file had when it was hashed. */
function sizeOf(value: unknown, question: PlannedTask["question"]): number | null {
  const path = typeof value === "object" && value !== null && "path" in value ? value.path : null;
  const file = question?.files.find((watched) => watched.path === path);
  return file === undefined ? null : Number(file.stat.size);
}

function rowsOf({ op, answer }: PlannedTask, store: Store): readonly RowMaker[] {
  if (op.shape !== "per example" || answer === null) return [];
  const artifact = store.readArtifact(answer.artifact);
  if (artifact === null) return [];
  const { recipe, examples } = decodeRowSet(artifact.bytes);
  return store.findRowMakers(recipe, examples);
}
