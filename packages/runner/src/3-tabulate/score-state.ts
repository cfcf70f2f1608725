import type { TaskId } from "@exp-lab/dsl";
import type { Score } from "@exp-lab/ops";

/** What is known of one score task when a table is drawn: answered, tried in vain, or not answered yet. */
export type ScoreState =
  | { readonly state: "done"; readonly score: Score }
  | { readonly state: "failed"; readonly message: string }
  | { readonly state: "missing" };

/** The score tasks of a table; a task that is not in the map is missing. */
export type ScoreStates = ReadonlyMap<TaskId, ScoreState>;
