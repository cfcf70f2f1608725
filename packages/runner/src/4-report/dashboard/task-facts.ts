import type { AxisLabel, Task, TaskGraph, TaskId } from "@exp-lab/dsl";
import { scoreTasks } from "../../1-plan/needed-tasks.ts";

/** What a dashboard looks up of a graph, found once. */
export interface TaskFacts {
  readonly graph: TaskGraph;
  /** The tasks that take each task's answer. */
  readonly consumers: ReadonlyMap<TaskId, readonly TaskId[]>;
  /** Tasks of one class cost about the same: one op over the same declared data set, backbone and head. */
  readonly costClass: ReadonlyMap<TaskId, string>;
}

export function gatherFacts(graph: TaskGraph): TaskFacts {
  const consumers = new Map<TaskId, TaskId[]>();
  for (const task of graph.tasks) {
    for (const input of Object.values(task.inputs)) {
      const takers = consumers.get(input);
      if (takers === undefined) consumers.set(input, [task.id]);
      else takers.push(task.id);
    }
  }
  return { graph, consumers, costClass: new Map(graph.tasks.map((task) => [task.id, costClassOf(task)])) };
}

/** The op that a class of tasks is of. */
export function opOfClass(costClass: string): string {
  return costClass.slice(0, costClass.indexOf(" "));
}

function costClassOf({ op, axes }: Task): string {
  const named: readonly (AxisLabel | undefined)[] = [axes["dataset"], axes["backbone"], axes["head"]];
  return `${op} ${JSON.stringify(named)}`;
}

/** The score tasks that hang on any of these tasks, directly or not, the tasks themselves included. */
export function reachedFrom(tasks: Iterable<TaskId>, { consumers }: TaskFacts): ReadonlySet<TaskId> {
  const reached = new Set<TaskId>();
  const waiting = [...tasks];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    waiting.push(...(consumers.get(id) ?? []));
  }
  return reached;
}

/** The score tasks that tables name. */
export function tableScores({ tables }: TaskGraph): ReadonlySet<TaskId> {
  return new Set(tables.flatMap((table) => table.cells.flatMap((cell) => scoreTasks(cell.value))));
}
