import type { AskedTask, Store, StoredRun } from "../../store/store.ts";
import { environmentChanges, type EnvironmentChange } from "./environment-changes.ts";
import { pairTasks, type PairedTasks, type TaskPair } from "./pair-tasks.ts";
import { questionChanges, type QuestionChanges } from "./question-changes.ts";
import { tasksOfRun, type TasksOfRun } from "./tasks-of-run.ts";

/** How one run differs from another, from what is stored alone. */
export interface RunComparison {
  readonly before: ComparedRun;
  readonly now: ComparedRun;
  readonly environment: readonly EnvironmentChange[];
  readonly tasks: PairedTasks;
  readonly questions: QuestionChanges;
  readonly scores: ComparedScores;
}

export interface ComparedRun extends TasksOfRun {
  readonly run: StoredRun;
}

export interface ComparedScores {
  /** Pairs of which one at least has a value, and whose values or outcomes are not the same. */
  readonly changed: readonly TaskPair[];
  /** How many are the same to the last bit. */
  readonly same: number;
}

export function compareRuns(before: StoredRun, now: StoredRun, store: Store): RunComparison {
  const [then, at] = [tasksOfRun(before, store), tasksOfRun(now, store)];
  const tasks = pairTasks(then.tasks, at.tasks);
  return {
    before: { run: before, ...then },
    now: { run: now, ...at },
    environment: environmentChanges(before, now),
    tasks,
    questions: questionChanges(tasks, store),
    scores: compareScores(tasks.both, then.isWhole && at.isWhole),
  };
}

/** Of a run that is not whole, scores that no table shows are known too: they have no partner in one that is. */
function compareScores(pairs: readonly TaskPair[], areWhole: boolean): ComparedScores {
  const hasScore = ({ score }: AskedTask): boolean => score !== null;
  const scored = pairs.filter(({ before, now }) =>
    areWhole ? hasScore(before) || hasScore(now) : hasScore(before) && hasScore(now),
  );
  const changed = scored.filter(({ before, now }) => before.score !== now.score);
  return { changed, same: scored.length - changed.length };
}
