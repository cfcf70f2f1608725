import type { PlannedTask } from "../1-plan/plan.ts";
import type { Emit } from "./events.ts";
import type { TaskOutcome } from "./outcome.ts";

/** What a task took. */
export interface TaskCost {
  readonly seconds: number;
  readonly forwardPasses: number;
}

/** Says how a task ended. */
export function reportTask({ task }: PlannedTask, outcome: TaskOutcome, cost: TaskCost, emit: Emit): void {
  emit({
    event: "task.finished",
    task: task.id,
    op: task.op,
    label: task.label,
    outcome: outcome.outcome,
    seconds: cost.seconds,
    ...(cost.forwardPasses > 0 ? { forwardPasses: cost.forwardPasses } : {}),
    ...(outcome.outcome === "cached" ? { reason: outcome.reason } : {}),
    ...(outcome.outcome === "skipped" ? { because: outcome.because } : {}),
    ...(outcome.outcome === "failed"
      ? {
          origin: task.origin,
          failure: {
            code: outcome.failure.code,
            message: outcome.failure.message,
            hint: outcome.failure.hint,
            ...(outcome.failure.stack === null ? {} : { stack: outcome.failure.stack }),
          },
        }
      : {}),
  });
}
