import type { Score } from "@exp-lab/ops";
import type { TaskId } from "@exp-lab/dsl";
import { scoreTasks } from "../1-plan/needed-tasks.ts";
import type { Plan } from "../1-plan/plan.ts";
import type { Emit } from "../2-execute/events.ts";
import type { Store } from "../store/store.ts";
import type { ReadScores } from "./score-reader.ts";

export interface SayScoresOptions {
  readonly plan: Plan;
  readonly store: Pick<Store, "findAnswers">;
  readonly read: ReadScores;
  readonly emit: Emit;
}

/**
 * Says the stored scores of a plan's tables (`score.known`) at once, and gives an `emit` that follows the end of every
 * other score task with its score. A score that cannot be read is not said.
 */
export function sayScores({ plan, store, read, emit }: SayScoresOptions): Emit {
  const named = new Set(plan.tables.flatMap((table) => table.cells.flatMap((cell) => scoreTasks(cell.value))));
  const planned = new Map(plan.tasks.flatMap((entry) => (named.has(entry.task.id) ? [[entry.task.id, entry]] : [])));
  const say = (task: TaskId, score: Score | undefined): void => {
    if (score !== undefined) emit({ event: "score.known", task, score });
  };

  const hits = [...planned.values()].flatMap(({ task, answer }) =>
    answer === null ? [] : [{ task: task.id, artifact: answer.artifact }],
  );
  const scores = read(hits.map(({ artifact }) => artifact));
  for (const { task, artifact } of hits) say(task, scores.get(artifact));

  return (event) => {
    emit(event);
    if (event.event !== "task.finished" || (event.outcome !== "computed" && event.outcome !== "cached")) return;
    const entry = planned.get(event.task);
    // A stored score that turned out to be lost is computed: then what was said of it is said anew.
    const isSaid = entry?.answer != null && event.outcome === "cached";
    if (entry?.question == null || isSaid) return;
    const { fingerprint } = entry.question;
    const answer = store.findAnswers([fingerprint]).get(fingerprint);
    if (answer !== undefined) say(event.task, read([answer.artifact]).get(answer.artifact));
  };
}
