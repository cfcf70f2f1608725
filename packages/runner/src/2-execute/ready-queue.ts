import type { TaskId } from "@exp-lab/dsl";
import type { PlannedTask } from "../1-plan/plan.ts";
import { LongestFirst } from "./longest-first.ts";
import { expectedSeconds, remainingPaths, type Consumers, type ExpectedSeconds } from "./remaining-paths.ts";

export interface QueueOptions {
  /** Tasks that run at once. */
  readonly slots: number;
  readonly expected: ExpectedSeconds;
}

/**
 * The tasks whose inputs have ended, in the order in which they are to start.
 *
 * With several slots it is the one with the longest expected path to the run's end behind it; of equal ones the first of the
 * plan. But that alone would start every backbone before the first head, and every head before the first score: all cells
 * of a table would fill together, at the very end. A long path is in nobody's way as long as the other work keeps all
 * slots busy for longer than it lasts. So the plan's own order, which goes trial by trial and fills cell after cell, holds
 * until the longest path that is ready comes to half of what is left for each slot, and only then the longest goes first. A
 * run whose one long chain stands at the plan's end starts with it; one of many like trials shows its first score early and
 * turns to the longest paths towards its end. With one slot no order is shorter, and the plan's is kept.
 *
 * No image passes a backbone before every task of a data set has ended: what is wrong with the data (a leak, an empty split) is
 * known, and what hangs on it skipped, before the first minute of a device is spent.
 */
export class ReadyQueue {
  readonly #tasks: readonly PlannedTask[];
  readonly #slots: number;
  /** Positions in the plan, highest first: the next one is at the end. */
  readonly #ready: number[] = [];
  readonly #consumers = new Map<TaskId, number[]>();
  /** How many inputs each task still waits for. */
  readonly #waitsFor: number[];
  /** The tasks of data sets that have not ended. */
  readonly #ofData: Set<TaskId>;
  /** Extractions whose inputs are there, for when no task of a data set is left; by position. */
  readonly #gated: number[] = [];
  /** Null where the plan's order is kept. */
  readonly #urgency: Urgency | null;

  constructor(tasks: readonly PlannedTask[], { slots, expected }: QueueOptions) {
    this.#tasks = tasks;
    this.#slots = slots;
    this.#waitsFor = tasks.map((planned, position) => {
      const inputs = planned.status === "hit" ? new Set<TaskId>() : new Set(Object.values(planned.task.inputs));
      for (const id of inputs) {
        const consumers = this.#consumers.get(id);
        if (consumers === undefined) this.#consumers.set(id, [position]);
        else consumers.push(position);
      }
      return inputs.size;
    });
    this.#ofData = new Set(
      tasks.flatMap(({ task, op, status }) => (op.signature.role === "dataset" && status !== "hit" ? [task.id] : [])),
    );
    const mayReorder = slots > 1 && tasks.some(({ status }) => status !== "hit");
    this.#urgency = mayReorder ? rankTasks(tasks, expected, this.#consumers) : null;
    for (let position = tasks.length - 1; position >= 0; position -= 1) {
      if (this.#waitsFor[position] !== 0 || this.#isGated(position)) continue;
      this.#ready.push(position);
      this.#urgency?.longest.push(position);
    }
  }

  /** Null while nothing is ready. */
  next(): PlannedTask | null {
    const urgent = this.#urgent();
    if (urgent !== null) return this.#takeAt(this.#placeOf(urgent));
    return this.#ready.length === 0 ? null : this.#takeAt(this.#ready.length - 1);
  }

  /** Takes all ready tasks that are wanted, the first of the plan first. */
  takeAll(isWanted: (planned: PlannedTask) => boolean): readonly PlannedTask[] {
    const taken: PlannedTask[] = [];
    for (let place = this.#ready.length - 1; place >= 0; place -= 1) {
      const planned = this.#tasks[this.#ready[place] ?? -1];
      if (planned !== undefined && isWanted(planned)) taken.push(this.#takeAt(place));
    }
    return taken;
  }

  /** A task that was taken is ready once more. */
  putBack(id: TaskId): void {
    const position = this.#tasks.findIndex(({ task }) => task.id === id);
    if (position < 0) return;
    this.#insert(position);
    if (this.#urgency !== null) this.#urgency.left += this.#urgency.seconds[position] ?? 0;
  }

  /** A task has ended: what waited for nothing else is ready. */
  release(id: TaskId): void {
    if (this.#ofData.delete(id) && this.#ofData.size === 0) {
      for (const position of this.#gated.splice(0)) this.#insert(position);
    }
    for (const position of this.#consumers.get(id) ?? []) {
      const left = (this.#waitsFor[position] ?? 0) - 1;
      this.#waitsFor[position] = left;
      if (left === 0 && !this.#isGated(position)) this.#insert(position);
    }
  }

  /** Whether the task has to wait for data sets that it may not even use; it is kept then. */
  #isGated(position: number): boolean {
    const planned = this.#tasks[position];
    const isExtraction = planned?.op.shape === "per example" && planned.status !== "hit";
    if (!isExtraction || this.#ofData.size === 0) return false;
    this.#gated.push(position);
    return true;
  }

  /** The longest path, where it would soon be all that is left; by its position. */
  #urgent(): number | null {
    if (this.#urgency === null) return null;
    const { longest, paths, left } = this.#urgency;
    for (;;) {
      const position = longest.peek();
      if (position === undefined) return null;
      if (this.#placeOf(position) < 0) longest.pop();
      else return 2 * (paths[position] ?? 0) >= left / this.#slots ? position : null;
    }
  }

  #takeAt(place: number): PlannedTask {
    const position = this.#ready[place]!;
    if (place === this.#ready.length - 1) this.#ready.pop();
    else this.#ready.splice(place, 1);
    if (this.#urgency !== null) this.#urgency.left -= this.#urgency.seconds[position] ?? 0;
    return this.#tasks[position]!;
  }

  #insert(position: number): void {
    this.#ready.splice(this.#firstBelow(position), 0, position);
    this.#urgency?.longest.push(position);
  }

  /** Where a position lies among those that are ready; -1 where it does not. */
  #placeOf(position: number): number {
    const place = this.#firstBelow(position) - 1;
    return this.#ready[place] === position ? place : -1;
  }

  /** The first place whose position is not above this one, and this one not among the places before it but as the last. */
  #firstBelow(position: number): number {
    let low = 0;
    let high = this.#ready.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ready[middle] ?? 0) >= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** What says which task should not wait. */
interface Urgency {
  /** By position in the plan. */
  readonly seconds: Float64Array;
  readonly paths: Float64Array;
  /** What is ready, and some that has been taken since. */
  readonly longest: LongestFirst;
  /** Seconds of all that has not been taken. */
  left: number;
}

function rankTasks(tasks: readonly PlannedTask[], expected: ExpectedSeconds, consumers: Consumers): Urgency {
  const seconds = expectedSeconds(tasks, expected);
  const paths = remainingPaths(tasks, { seconds, consumers });
  const left = seconds.reduce((sum, each) => sum + each, 0);
  return { seconds, paths, longest: new LongestFirst(paths), left };
}
