import type { CellExpression, TaskGraph, TaskId } from "@exp-lab/dsl";
import type { PlannedTask } from "./plan.ts";

/**
 * The tasks that a run has to look at: everything stored that the tables rest on, and whatever must run to fill them. An
 * upstream whose answer was thrown away is not made again for the sake of a downstream that is stored.
 */
export function neededTasks(graph: TaskGraph, planned: ReadonlyMap<TaskId, PlannedTask>): readonly PlannedTask[] {
  const goals = goalsOfTables(graph);
  const behindTables = reach(goals, planned, () => true);
  const mustRun = reach(goals, planned, (entry) => entry.status !== "hit");
  return [...planned.values()].filter(({ task, status }) =>
    status === "hit" ? behindTables.has(task.id) : mustRun.has(task.id),
  );
}

/** Everything that the tables rest on, stored or not, inputs first. */
export function tasksBehindTables(graph: TaskGraph, planned: ReadonlyMap<TaskId, PlannedTask>): readonly PlannedTask[] {
  const reached = reach(goalsOfTables(graph), planned, () => true);
  return [...planned.values()].filter(({ task }) => reached.has(task.id));
}

function goalsOfTables({ tables }: TaskGraph): readonly TaskId[] {
  const goals = tables.flatMap(({ cells, ranking }) => [
    ...cells.flatMap(({ value, compared }) => [
      ...scoreTasks(value),
      ...(compared === undefined ? [] : [compared.task]),
    ]),
    ...(ranking === undefined ? [] : [ranking]),
  ]);
  return [...new Set(goals)];
}

/** The score tasks that an expression is over, in order. */
export function scoreTasks(expression: CellExpression): readonly TaskId[] {
  return expression.kind === "scores" ? expression.tasks : expression.arguments.flatMap(scoreTasks);
}

function reach(
  goals: readonly TaskId[],
  planned: ReadonlyMap<TaskId, PlannedTask>,
  goesOn: (entry: PlannedTask) => boolean,
): ReadonlySet<TaskId> {
  const reached = new Set<TaskId>();
  const waiting = [...goals];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const entry = planned.get(id);
    if (entry === undefined || reached.has(id)) continue;
    reached.add(id);
    if (goesOn(entry)) waiting.push(...Object.values(entry.task.inputs));
  }
  return reached;
}
