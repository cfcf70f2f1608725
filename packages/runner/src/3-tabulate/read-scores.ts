import type { TableSpec, TaskId } from "@exp-lab/dsl";
import { scoreTasks } from "../1-plan/needed-tasks.ts";
import type { Plan } from "../1-plan/plan.ts";
import type { TaskOutcome } from "../2-execute/outcome.ts";
import type { Digest } from "../hash/digests.ts";
import type { AnswerReader, Read } from "./answer-reader.ts";
import { comparisonTasks, type Findings } from "./findings.ts";
import type { ScoreState, ScoreStates } from "./score-state.ts";

/** Everything that one table is drawn from. */
export interface TableAnswers {
  readonly scores: ScoreStates;
  readonly findings: Findings;
  /** Tasks whose answer should be stored and cannot be read. */
  readonly lost: readonly TaskId[];
}

/** What a run has answered of one table. */
export function answersOfRun(
  table: TableSpec,
  outcomes: ReadonlyMap<TaskId, TaskOutcome>,
  read: AnswerReader,
): TableAnswers {
  return gather(table, read, (id) => {
    const outcome = outcomes.get(id);
    if (outcome?.outcome === "failed") return { state: "failed", message: outcome.failure.message };
    if (outcome?.outcome === "skipped") return { state: "failed", message: failureBehind(outcome.because, outcomes) };
    const isAnswered = outcome?.outcome === "cached" || outcome?.outcome === "computed";
    return isAnswered ? outcome.answer.artifact : { state: "missing" };
  });
}

/** What is stored of one table. */
export function answersOfPlan(table: TableSpec, plan: Plan, read: AnswerReader): TableAnswers {
  const stored = new Map(plan.tasks.map(({ task, answer }) => [task.id, answer]));
  return gather(table, read, (id) => stored.get(id)?.artifact ?? { state: "missing" });
}

/** Gives the artifact that holds a task's answer, or why there is none. */
type FindAnswer = (id: TaskId) => Digest | ScoreState;

function gather(table: TableSpec, read: AnswerReader, find: FindAnswer): TableAnswers {
  const ids = [...new Set(table.cells.flatMap((cell) => scoreTasks(cell.value)))];
  const scores = readAll(ids, read.scores, find);
  const stateOf = (id: TaskId): ScoreState => {
    const score = scores.found.get(id);
    return score === undefined ? (scores.reasons.get(id) ?? { state: "missing" }) : { state: "done", score };
  };
  const comparisons = readAll([...comparisonTasks(table)], read.comparisons, find);
  const rankings = readAll(table.ranking === undefined ? [] : [table.ranking], read.rankings, find);
  return {
    scores: new Map(ids.map((id) => [id, stateOf(id)])),
    findings: { comparisons: comparisons.found, rankings: rankings.found },
    lost: [...scores.lost, ...comparisons.lost, ...rankings.lost],
  };
}

interface ReadAnswers<Answer> {
  readonly found: ReadonlyMap<TaskId, Answer>;
  /** Why a task has no answer. */
  readonly reasons: ReadonlyMap<TaskId, ScoreState>;
  readonly lost: readonly TaskId[];
}

function readAll<Answer>(ids: readonly TaskId[], read: Read<Answer>, find: FindAnswer): ReadAnswers<Answer> {
  const answers = ids.map((id) => ({ id, answer: find(id) }));
  const known = read(answers.flatMap(({ answer }) => (typeof answer === "string" ? answer : [])));
  const found = new Map<TaskId, Answer>();
  const reasons = new Map<TaskId, ScoreState>();
  const lost: TaskId[] = [];
  for (const { id, answer } of answers) {
    const value = typeof answer === "string" ? known.get(answer) : undefined;
    if (typeof answer !== "string") reasons.set(id, answer);
    else if (value === undefined) lost.push(id);
    else found.set(id, value);
  }
  return { found, reasons, lost };
}

function failureBehind(id: TaskId, outcomes: ReadonlyMap<TaskId, TaskOutcome>): string {
  const outcome = outcomes.get(id);
  return outcome?.outcome === "failed" ? outcome.failure.message : "An input failed.";
}
