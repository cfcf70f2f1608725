import type { TaskId } from "@exp-lab/dsl";
import { examplesCodec } from "@exp-lab/ops";
import { examplesInput, knownRowRecipe, rowInputs } from "../../1-plan/count-examples.ts";
import type { PlannedById, PlannedTask } from "../../1-plan/plan.ts";
import type { Digest } from "../../hash/digests.ts";
import type { Store } from "../../store/store.ts";

/** How many rows an extraction of a plan will make. */
export interface RowCount {
  readonly made: number;
  /** Distinct examples. */
  readonly total: number;
  /**
   * Whether the examples are not known, and are taken to be those that its input gave the last time, none of them stored.
   */
  readonly isAssumed: boolean;
}

/**
 * Counts the rows of a plan's extractions, each row once: what an earlier task of the plan makes, a later one finds. Without
 * those whose examples are not known at all.
 */
export function countRows(tasks: readonly PlannedTask[], store: RowSource): ReadonlyMap<TaskId, RowCount> {
  const counts = new Map<TaskId, RowCount>();
  const toRun = tasks.filter(({ status, op }) => status !== "hit" && op.shape === "per example");
  if (toRun.length === 0) return counts;
  const byId: PlannedById = new Map(tasks.map((planned) => [planned.task.id, planned]));
  const lists = new Map<Digest, readonly string[] | null>();
  const made = new Map<string, Set<string>>();
  for (const planned of toRun) {
    const { task, op, question } = planned;
    const upstream = byId.get(task.inputs[examplesInput(op)] ?? "");
    const list = upstream?.answer?.artifact ?? upstream?.former ?? null;
    if (question === null || list === null) continue;
    if (!lists.has(list)) lists.set(list, readList(list, store));
    const examples = lists.get(list) ?? null;
    if (examples === null) continue;
    const settled = rowInputs(op).map((name) => byId.get(task.inputs[name] ?? "")?.question?.fingerprint);
    const key = [question.contentRecipe, ...settled].join(" ");
    const ofRecipe = made.get(key) ?? new Set<string>();
    made.set(key, ofRecipe);
    const isAssumed = upstream?.answer == null;
    const recipe = isAssumed ? null : knownRowRecipe({ task, op, question, planned: byId });
    const before = ofRecipe.size;
    for (const digest of recipe === null ? examples : store.missingRows(recipe, examples)) ofRecipe.add(digest);
    counts.set(task.id, { made: ofRecipe.size - before, total: examples.length, isAssumed });
  }
  return counts;
}

export type RowSource = Pick<Store, "readArtifact" | "missingRows">;

/** The distinct examples of a list. */
function readList(digest: Digest, store: RowSource): readonly string[] | null {
  const artifact = store.readArtifact(digest);
  if (artifact === null) return null;
  return [...new Set(examplesCodec.decode(artifact.bytes).examples.map((example) => example.digest))];
}
