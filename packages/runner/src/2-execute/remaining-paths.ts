import type { TaskId } from "@exp-lab/dsl";
import type { PlannedTask } from "../1-plan/plan.ts";

/** Seconds that tasks should take; what is not in it counts as 1. */
export type ExpectedSeconds = ReadonlyMap<TaskId, number>;

/** What a task counts as that nothing is known of. */
const unknownSeconds = 1;

/** Seconds of each task of a plan, by its position; 0 for what is stored. */
export function expectedSeconds(tasks: readonly PlannedTask[], expected: ExpectedSeconds): Float64Array {
  return Float64Array.from(tasks, ({ task, status }) =>
    status === "hit" ? 0 : (expected.get(task.id) ?? unknownSeconds),
  );
}

/** For each task of a plan, by its position: the seconds from its start to the end of the longest chain that waits for it. */
export function remainingPaths(tasks: readonly PlannedTask[], seconds: Float64Array): Float64Array {
  const positions = new Map(tasks.map(({ task }, position) => [task.id, position]));
  const paths = new Float64Array(tasks.length);
  // Inputs come first in a plan, so that from its end every consumer is done before its inputs.
  for (let position = tasks.length - 1; position >= 0; position -= 1) {
    const { task, status } = tasks[position]!;
    const path = (paths[position] ?? 0) + (seconds[position] ?? 0);
    paths[position] = path;
    if (status === "hit") continue;
    for (const id of Object.values(task.inputs)) {
      const input = positions.get(id);
      if (input !== undefined) paths[input] = Math.max(paths[input] ?? 0, path);
    }
  }
  return paths;
}
