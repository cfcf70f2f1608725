import { countOf, formatCount } from "./count.ts";

/** How much of a plan is stored, the same wherever it is said: `23 tasks, 17 stored, 6 to run`. */
export function planLine({ tasks, hits, maybes }: PlanCounts): string {
  const condition = maybes === 0 ? "" : ` (${formatCount(maybes)} of them only if their inputs change)`;
  return `${countOf(tasks, "task")}, ${formatCount(hits)} stored, ${formatCount(tasks - hits)} to run${condition}`;
}

export interface PlanCounts {
  readonly tasks: number;
  readonly hits: number;
  /** Those that must run only if an input that must run gives other bytes than before. */
  readonly maybes: number;
}
