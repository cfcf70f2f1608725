import type { PlannedById, PlannedQuestion, PlannedTask } from "../1-plan/plan.ts";

/**
 * The questions of a task's inputs whose files it reads itself: those of a per-example op, which is handed a network and not its
 * weights. Images are told by their own digests.
 */
export function makersRead({ task, op }: PlannedTask, plannedById: PlannedById): readonly PlannedQuestion[] {
  if (op.shape !== "per example") return [];
  const named = Object.entries(task.inputs).filter(([name]) => op.signature.inputs[name]?.locator !== true);
  return named.flatMap(([, id]) => plannedById.get(id)?.question ?? []);
}
