import type { TableSpec, TaskId } from "@exp-lab/dsl";
import { scoreTasks } from "../1-plan/needed-tasks.ts";
import type { PlannedTask } from "../1-plan/plan.ts";
import { decodeRowSet } from "../2-execute/row-set.ts";
import type { Digest } from "../hash/digests.ts";
import { providerOf } from "../store/row-makers.ts";
import type { Store } from "../store/store.ts";

interface ProviderNotesOptions {
  readonly tasks: readonly PlannedTask[];
  /** The artifact that answers a task; null where there is none. */
  readonly artifactOf: (id: TaskId) => Digest | null;
  readonly store: Pick<Store, "readArtifact" | "findRowMakers" | "findRowProviders">;
}

/**
 * Says of a table's feature matrices which of them more than one provider computed: their rows agree to rounding, not to the
 * last bit, and a reader of the scores should know.
 */
export function createProviderNotes({
  tasks,
  artifactOf,
  store,
}: ProviderNotesOptions): (table: TableSpec) => readonly string[] {
  // Nearly always there is one in the whole store; then nothing has to be looked up for each image.
  if (store.findRowProviders().length < 2) return () => [];
  const byId = new Map(tasks.map((planned) => [planned.task.id, planned]));
  const known = new Map<TaskId, string | null>();
  const noteOf = (planned: PlannedTask): string | null => {
    const { id, label } = planned.task;
    const found = known.get(id);
    if (found !== undefined) return found;
    const rows = countRows(artifactOf(id), store);
    const note = rows.size < 2 ? null : describeRows(label, rows);
    known.set(id, note);
    return note;
  };
  return (table) => behind(table, byId).flatMap((planned) => noteOf(planned) ?? []);
}

/** The per-example tasks that a table's scores rest on, inputs first. */
function behind({ cells }: TableSpec, byId: ReadonlyMap<TaskId, PlannedTask>): readonly PlannedTask[] {
  const reached = new Set<TaskId>();
  const waiting = cells.flatMap(({ value }) => scoreTasks(value));
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const planned = byId.get(id);
    if (planned === undefined || reached.has(id)) continue;
    reached.add(id);
    waiting.push(...Object.values(planned.task.inputs));
  }
  return [...byId.values()].filter(({ task, op }) => op.shape === "per example" && reached.has(task.id));
}

/** Rows by who computed them. */
function countRows(artifact: Digest | null, store: ProviderNotesOptions["store"]): ReadonlyMap<string, number> {
  const stored = artifact === null ? null : store.readArtifact(artifact);
  if (stored === null) return new Map();
  const { recipe, examples } = decodeRowSet(stored.bytes);
  const rows = new Map<string, number>();
  for (const { madeBy, rows: count } of store.findRowMakers(recipe, examples)) {
    const provider = providerOf(madeBy);
    rows.set(provider, (rows.get(provider) ?? 0) + count);
  }
  return rows;
}

function describeRows(label: string, rows: ReadonlyMap<string, number>): string {
  const parts = [...rows].map(([provider, count]) => `${count.toLocaleString("en-US")} by ${provider}`);
  return `The rows of "${label}" come from ${String(rows.size)} providers, which agree to rounding only: ${parts.join(", ")}.`;
}
