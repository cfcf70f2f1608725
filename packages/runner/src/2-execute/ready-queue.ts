import type { TaskId } from "@exp-lab/dsl";
import type { PlannedTask } from "../1-plan/plan.ts";

/**
 * The tasks whose inputs have ended, the first of the plan first. A plan goes trial by trial, so that the cells of a table
 * fill one after the other instead of all at the end.
 */
export class ReadyQueue {
  readonly #tasks: readonly PlannedTask[];
  /** Positions in the plan, highest first: the next one is at the end. */
  readonly #ready: number[] = [];
  readonly #consumers = new Map<TaskId, number[]>();
  /** How many inputs each task still waits for. */
  readonly #waitsFor: number[];

  constructor(tasks: readonly PlannedTask[]) {
    this.#tasks = tasks;
    this.#waitsFor = tasks.map((planned, position) => {
      const inputs = planned.status === "hit" ? new Set<TaskId>() : new Set(Object.values(planned.task.inputs));
      for (const id of inputs) {
        const consumers = this.#consumers.get(id);
        if (consumers === undefined) this.#consumers.set(id, [position]);
        else consumers.push(position);
      }
      return inputs.size;
    });
    for (let position = tasks.length - 1; position >= 0; position -= 1) {
      if (this.#waitsFor[position] === 0) this.#ready.push(position);
    }
  }

  /** Null while nothing is ready. */
  next(): PlannedTask | null {
    const position = this.#ready.pop();
    return position === undefined ? null : (this.#tasks[position] ?? null);
  }

  /** Takes all ready tasks that are wanted, the first of the plan first. */
  takeAll(isWanted: (planned: PlannedTask) => boolean): readonly PlannedTask[] {
    const taken: PlannedTask[] = [];
    for (let place = this.#ready.length - 1; place >= 0; place -= 1) {
      const planned = this.#tasks[this.#ready[place] ?? -1];
      if (planned === undefined || !isWanted(planned)) continue;
      taken.push(planned);
      this.#ready.splice(place, 1);
    }
    return taken;
  }

  /** A task that was taken is ready once more. */
  putBack(id: TaskId): void {
    const position = this.#tasks.findIndex(({ task }) => task.id === id);
    if (position >= 0) this.#insert(position);
  }

  /** A task has ended: what waited for nothing else is ready. */
  release(id: TaskId): void {
    for (const position of this.#consumers.get(id) ?? []) {
      const left = (this.#waitsFor[position] ?? 0) - 1;
      this.#waitsFor[position] = left;
      if (left === 0) this.#insert(position);
    }
  }

  #insert(position: number): void {
    let low = 0;
    let high = this.#ready.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ready[middle] ?? 0) > position) low = middle + 1;
      else high = middle;
    }
    this.#ready.splice(low, 0, position);
  }
}
