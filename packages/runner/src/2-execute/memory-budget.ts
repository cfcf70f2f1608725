import type { TaskId } from "@exp-lab/dsl";
import type { PlannedTask } from "../1-plan/plan.ts";

/** The most memory that tasks should hold; one that is not in it, or is null, counts as none. */
export type ExpectedPeaks = ReadonlyMap<TaskId, { readonly peakBytes?: number | null }>;

/** Keeps calls from running side by side that together need more memory than there is. One alone always may. */
export class MemoryBudget {
  readonly #bytes: number;
  readonly #expected: ExpectedPeaks;
  readonly #running = new Set<readonly PlannedTask[]>();

  /** @param bytes that all calls together may hold */
  constructor(bytes: number, expected: ExpectedPeaks) {
    this.#bytes = bytes;
    this.#expected = expected;
  }

  /** @param group the tasks of one call */
  admits(group: readonly PlannedTask[]): boolean {
    const held = [...this.#running].reduce((sum, each) => sum + this.#peakOf(each), 0);
    return this.#running.size === 0 || held + this.#peakOf(group) <= this.#bytes;
  }

  begin(group: readonly PlannedTask[]): void {
    this.#running.add(group);
  }

  end(group: readonly PlannedTask[]): void {
    this.#running.delete(group);
  }

  /** What is noted of each task of a call is the peak of the whole call. */
  #peakOf(group: readonly PlannedTask[]): number {
    return Math.max(0, ...group.map(({ task }) => this.#expected.get(task.id)?.peakBytes ?? 0));
  }
}
