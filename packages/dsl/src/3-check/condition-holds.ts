import type { CheckedCondition } from "./checked-program.ts";

/** Whether the condition of a `where` or `except` holds for the positions chosen on the axes; -1 where an axis does not apply. */
export function conditionHolds(condition: CheckedCondition, choice: readonly number[]): boolean {
  return condition.every(({ axis, values }) => values.includes(choice[axis] ?? -1));
}
