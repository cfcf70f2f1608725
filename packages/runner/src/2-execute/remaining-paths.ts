import type { TaskId } from "@exp-lab/dsl";
import type { PlannedTask } from "../1-plan/plan.ts";

/** What tasks should take; one that is not in it counts as 1 second. */
export type ExpectedSeconds = ReadonlyMap<TaskId, { readonly seconds: number; readonly peakBytes?: number | null }>;

/** What a task counts as that nothing is known of. */
const unknownSeconds = 1;

/** Seconds of each task of a plan, by its position; 0 for what is stored. */
export function expectedSeconds(tasks: readonly PlannedTask[], expected: ExpectedSeconds): Float64Array {
  return Float64Array.from(tasks, ({ task, status }) =>
    status === "hit" ? 0 : (expected.get(task.id)?.seconds ?? unknownSeconds),
  );
}

/** The positions of the tasks that wait for a task. */
export type Consumers = ReadonlyMap<TaskId, readonly number[]>;

/** For each task of a plan, by its position: the seconds from its start to the end of the longest chain that waits for it. */
export function remainingPaths(
  tasks: readonly PlannedTask[],
  { seconds, consumers }: { readonly seconds: Float64Array; readonly consumers: Consumers },
): Float64Array {
  const paths = seconds.slice();
  // Inputs come first in a plan, so that from its end every consumer is done before its inputs.
  for (let position = tasks.length - 1; position >= 0; position -= 1) {
    let longest = 0;
    for (const consumer of consumers.get(tasks[position]!.task.id) ?? []) {
      longest = Math.max(longest, paths[consumer] ?? 0);
    }
    paths[position] = (seconds[position] ?? 0) + longest;
  }
  return paths;
}
