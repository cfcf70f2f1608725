import type { TaskId } from "@exp-lab/dsl";
import type { Plan } from "../1-plan/plan.ts";
import type { TaskOutcome } from "../2-execute/outcome.ts";
import type { AskedTask } from "../store/store.ts";
import type { ScoreStates } from "./score-state.ts";

export interface AskedTasksParts {
  readonly plan: Plan;
  readonly outcomes: ReadonlyMap<TaskId, TaskOutcome>;
  /** Of every table. */
  readonly scores: readonly ScoreStates[];
}

/** What a run asked and how it went, for its history: the tasks of its plan in order, with the scores that its tables show. */
export function askedTasks({ plan, outcomes, scores }: AskedTasksParts): readonly AskedTask[] {
  const states = new Map(scores.flatMap((ofTable) => [...ofTable]));
  return plan.tasks.flatMap(({ task, question }): readonly AskedTask[] => {
    const outcome = outcomes.get(task.id);
    if (question === null || outcome === undefined) return [];
    const state = states.get(task.id);
    return [
      {
        label: task.label,
        fingerprint: question.fingerprint,
        outcome: outcome.outcome,
        reason: outcome.outcome === "cached" ? outcome.reason : null,
        score: state?.state === "done" ? state.score.value : null,
      },
    ];
  });
}
