import type { TaskId } from "@exp-lab/dsl";
import { scoreTasks } from "../1-plan/needed-tasks.ts";
import type { Plan } from "../1-plan/plan.ts";
import type { Emit } from "../2-execute/events.ts";
import type { Digest } from "../hash/digests.ts";
import type { Store } from "../store/store.ts";
import type { AnswerReader, Read } from "./answer-reader.ts";
import { comparisonTasks } from "./findings.ts";
import { groupBy } from "./group-by.ts";

export interface SayAnswersOptions {
  readonly plan: Plan;
  readonly store: Pick<Store, "findAnswers">;
  readonly read: AnswerReader;
  readonly emit: Emit;
}

interface Answered {
  readonly task: TaskId;
  readonly artifact: Digest;
}

/**
 * Says the stored answers of a plan's tables (`score.known`, `comparison.known`, `ranking.known`) at once, and gives an `emit`
 * that follows the end of every other such task with its answer. What cannot be read is not said.
 */
export function sayAnswers({ plan, store, read, emit }: SayAnswersOptions): Emit {
  const kinds = kindsOfTasks(plan);
  const planned = new Map(plan.tasks.flatMap((entry) => (kinds.has(entry.task.id) ? [[entry.task.id, entry]] : [])));
  const sayers = createSayers(read, emit);
  const say = (answered: readonly Answered[]): void => {
    for (const [kind, ofKind] of groupBy(answered, ({ task }) => kinds.get(task) ?? "")) sayers[kind as Kind](ofKind);
  };
  say(
    [...planned.values()].flatMap(({ task, answer }) =>
      answer === null ? [] : [{ task: task.id, artifact: answer.artifact }],
    ),
  );

  return (event) => {
    emit(event);
    if (event.event !== "task.finished" || (event.outcome !== "computed" && event.outcome !== "cached")) return;
    const entry = planned.get(event.task);
    // A stored answer that turned out to be lost is computed: then what was said of it is said anew.
    const isSaid = entry?.answer != null && event.outcome === "cached";
    if (entry?.question == null || isSaid) return;
    const { fingerprint } = entry.question;
    const answer = store.findAnswers([fingerprint]).get(fingerprint);
    if (answer !== undefined) say([{ task: event.task, artifact: answer.artifact }]);
  };
}

type Kind = "score" | "comparison" | "ranking";
type SayAll = (answered: readonly Answered[]) => void;

/** What each task of the tables answers. */
function kindsOfTasks({ tables }: Plan): ReadonlyMap<TaskId, Kind> {
  return new Map(
    tables.flatMap((table): readonly (readonly [TaskId, Kind])[] => [
      ...table.cells.flatMap((cell) => scoreTasks(cell.value).map((id) => [id, "score"] as const)),
      ...[...comparisonTasks(table)].map((id) => [id, "comparison"] as const),
      ...(table.ranking === undefined ? [] : [[table.ranking, "ranking"] as const]),
    ]),
  );
}

function createSayers(read: AnswerReader, emit: Emit): Readonly<Record<Kind, SayAll>> {
  return {
    score: sayer(read.scores, (task, score) => {
      emit({ event: "score.known", task, score });
    }),
    comparison: sayer(read.comparisons, (task, comparison) => {
      emit({ event: "comparison.known", task, comparison });
    }),
    ranking: sayer(read.rankings, (task, ranking) => {
      emit({ event: "ranking.known", task, ranking });
    }),
  };
}

function sayer<Answer>(read: Read<Answer>, say: (task: TaskId, answer: Answer) => void): SayAll {
  return (answered) => {
    const known = read(answered.map(({ artifact }) => artifact));
    for (const { task, artifact } of answered) {
      const answer = known.get(artifact);
      if (answer !== undefined) say(task, answer);
    }
  };
}
