import type { TableSpec, TaskId } from "@exp-lab/dsl";
import type { Comparison, Ranking } from "@exp-lab/ops";

/** What a table shows besides its scores, so far; a task that is in neither map has no answer yet. */
export interface Findings {
  readonly comparisons: ReadonlyMap<TaskId, Comparison>;
  readonly rankings: ReadonlyMap<TaskId, Ranking>;
  /** Sentences on what the scores rest on, for below the table; absent where nobody has looked, as while a run goes on. */
  readonly notes?: readonly string[];
}

export const nothingFound: Findings = { comparisons: new Map(), rankings: new Map() };

/** The comparison tasks of a table's cells. */
export function comparisonTasks({ cells }: TableSpec): ReadonlySet<TaskId> {
  return new Set(cells.flatMap(({ compared }) => (compared === undefined ? [] : [compared.task])));
}

/** The tasks of a table's statistics. */
export function findingTasks(table: TableSpec): readonly TaskId[] {
  return [...comparisonTasks(table), ...(table.ranking === undefined ? [] : [table.ranking])];
}
