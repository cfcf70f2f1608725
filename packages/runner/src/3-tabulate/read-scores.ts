import type { Score } from "@exp-lab/ops";
import type { TableSpec, TaskId } from "@exp-lab/dsl";
import { scoreTasks } from "../1-plan/needed-tasks.ts";
import type { Plan } from "../1-plan/plan.ts";
import type { TaskOutcome } from "../2-execute/outcome.ts";
import type { Digest } from "../hash/digests.ts";
import type { ReadScores } from "./score-reader.ts";
import type { ScoreState, ScoreStates } from "./score-state.ts";

/** The scores of one table after a run. */
export function scoresOfRun(
  table: TableSpec,
  outcomes: ReadonlyMap<TaskId, TaskOutcome>,
  read: ReadScores,
): ScoreStates {
  return statesOf(table, read, (id) => {
    const outcome = outcomes.get(id);
    if (outcome?.outcome === "failed") return { state: "failed", message: outcome.failure.message };
    if (outcome?.outcome === "skipped") return { state: "failed", message: failureBehind(outcome.because, outcomes) };
    const isAnswered = outcome?.outcome === "cached" || outcome?.outcome === "computed";
    return isAnswered ? outcome.answer.artifact : { state: "missing" };
  });
}

/** The scores of one table that are stored. */
export function scoresOfPlan(table: TableSpec, plan: Plan, read: ReadScores): ScoreStates {
  const stored = new Map(plan.tasks.map(({ task, answer }) => [task.id, answer]));
  return statesOf(table, read, (id) => stored.get(id)?.artifact ?? { state: "missing" });
}

/** `answerOf` gives the artifact that holds a task's score, or why there is none. */
function statesOf(table: TableSpec, read: ReadScores, answerOf: (id: TaskId) => Digest | ScoreState): ScoreStates {
  const ids = new Set(table.cells.flatMap((cell) => scoreTasks(cell.value)));
  const answers = [...ids].map((id) => ({ id, answer: answerOf(id) }));
  const scores = read(answers.flatMap(({ answer }) => (typeof answer === "string" ? answer : [])));
  return new Map(
    answers.map(({ id, answer }) => [id, typeof answer === "string" ? toState(scores.get(answer)) : answer]),
  );
}

function toState(score: Score | undefined): ScoreState {
  return score === undefined ? { state: "missing" } : { state: "done", score };
}

function failureBehind(id: TaskId, outcomes: ReadonlyMap<TaskId, TaskOutcome>): string {
  const outcome = outcomes.get(id);
  return outcome?.outcome === "failed" ? outcome.failure.message : "An input failed.";
}
