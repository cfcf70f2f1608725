import type { PlannedTask } from "../../1-plan/plan.ts";
import { fusionKey } from "../fusion-key.ts";
import { ReadyQueue } from "../ready-queue.ts";
import { ratesUnder } from "../work-clock.ts";
import type { TaskPredictions } from "./predict-tasks.ts";

export interface Machine {
  /** Tasks that may run at once. */
  readonly slots: number;
  readonly cores: number;
}

/** One call under way. */
interface SimulatedCall {
  readonly group: readonly PlannedTask[];
  readonly isSpread: boolean;
  /** Seconds with the machine to itself. */
  left: number;
}

/**
 * Seconds from the first start to the last end, if every task took what is predicted and tasks started in the order in which
 * a run starts them. What has no prediction takes no time.
 */
export function simulateRun(
  tasks: readonly PlannedTask[],
  { predicted }: Pick<TaskPredictions, "predicted">,
  { slots, cores }: Machine,
): number {
  // One after the other, each with the machine to itself.
  if (slots === 1) return [...predicted.values()].reduce((sum, { seconds }) => sum + seconds, 0);
  const queue = new ReadyQueue(tasks, { slots, expected: predicted });
  const keys = new Map<PlannedTask, string | null>();
  const keyOf = (planned: PlannedTask): string | null => {
    if (planned.op.shape !== "fused") return null;
    let key = keys.get(planned);
    if (key === undefined) keys.set(planned, (key = planned.status === "hit" ? null : fusionKey(planned)));
    return key;
  };
  const running = new Set<SimulatedCall>();
  let now = 0;
  for (;;) {
    const planned = running.size < slots ? queue.next() : null;
    if (planned !== null) {
      const key = keyOf(planned);
      const group = [planned, ...(key === null ? [] : queue.takeAll((other) => keyOf(other) === key))];
      const left = group.reduce((sum, { task }) => sum + (predicted.get(task.id)?.seconds ?? 0), 0);
      running.add({ group, left, isSpread: predicted.get(planned.task.id)?.isSpread ?? false });
      continue;
    }
    if (running.size === 0) return now;
    now += advance(running, cores);
    for (const call of running) {
      if (call.left > 0) continue;
      running.delete(call);
      for (const { task } of call.group) queue.release(task.id);
    }
  }
}

/** Goes on until the first of the calls ends. Returns how long that took. */
function advance(running: ReadonlySet<SimulatedCall>, cores: number): number {
  const spreads = [...running].filter(({ isSpread }) => isSpread).length;
  const rates = ratesUnder({ singles: running.size - spreads, spreads, cores });
  const rateOf = ({ isSpread }: SimulatedCall): number => (isSpread ? rates.spread : rates.single);
  let first: SimulatedCall | null = null;
  for (const call of running) {
    if (first === null || call.left / rateOf(call) < first.left / rateOf(first)) first = call;
  }
  if (first === null) return 0;
  const seconds = first.left / rateOf(first);
  for (const call of running) call.left -= seconds * rateOf(call);
  // Whatever the rounding, the first has ended.
  first.left = 0;
  return seconds;
}
