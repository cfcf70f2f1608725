import { setTimeout as delay } from "node:timers/promises";
import type { TaskId } from "@exp-lab/dsl";
import type { PlannedTask } from "../1-plan/plan.ts";
import type { Fingerprint } from "../hash/digests.ts";
import type { RunSummary } from "./events.ts";
import type { ExecuteOptions } from "./execute-options.ts";
import { fusionKey } from "./fusion-key.ts";
import type { Upstream } from "./gather-inputs.ts";
import type { LeaseHolder } from "../store/store.ts";
import { MemoryBudget } from "./memory-budget.ts";
import { KeyedLocks } from "./keyed-locks.ts";
import type { TaskAnswer, TaskOutcome } from "./outcome.ts";
import type { PassingRows } from "./passing-rows.ts";
import { ReadyQueue } from "./ready-queue.ts";
import { reportTask, type TaskCost } from "./report-task.ts";
import { runTasks } from "./run-task.ts";
import type { RunTaskOptions } from "./task-work.ts";
import { SharedMemory } from "./shared-memory.ts";
import { TrackNumbers } from "./track-numbers.ts";
import { WorkClock } from "./work-clock.ts";

export interface Execution {
  readonly outcomes: ReadonlyMap<TaskId, TaskOutcome>;
  readonly summary: RunSummary;
  /** What made going on impossible (the store can no longer be written); null where nothing did. */
  readonly broken: Error | null;
  /** What was made for this run alone. */
  readonly passing: readonly PassingRows[];
}

/**
 * Carries out a plan: every task once its inputs are there, as many at once as the executor has slots, in the order of
 * `ReadyQueue`. A failure skips what hangs on it; everything else goes on.
 */
export async function executePlan(options: ExecuteOptions): Promise<Execution> {
  const started = performance.now();
  const work = new PlanWork(options);
  await work.run();
  const outcomes = [...work.outcomes.values()];
  const count = (wanted: TaskOutcome["outcome"]): number => outcomes.filter(({ outcome }) => outcome === wanted).length;
  const summary: RunSummary = {
    tasks: outcomes.length,
    cached: count("cached"),
    computed: count("computed"),
    failed: count("failed"),
    skipped: count("skipped"),
    cancelled: count("cancelled"),
    forwardPasses: work.forwardPasses,
    seconds: (performance.now() - started) / 1000,
  };
  return { outcomes: work.outcomes, summary, broken: work.broken, passing: work.passing };
}

/** How often (ms) it is looked whether other runs have ended what this one waits for. */
const heldPause = 250;

/** A plan under way. */
class PlanWork {
  readonly outcomes = new Map<TaskId, TaskOutcome>();
  readonly passing: PassingRows[] = [];
  forwardPasses = 0;
  broken: Error | null = null;
  readonly #options: ExecuteOptions;
  readonly #queue: ReadyQueue;
  readonly #taskOptions: RunTaskOptions;
  readonly #memory: MemoryBudget;
  /** The tasks of a call that has to wait until there is memory for it. */
  #postponed: readonly PlannedTask[] | null = null;
  readonly #fusionKeys = new Map<TaskId, string | null>();
  readonly #restored = new Map<TaskId, Promise<boolean>>();
  /** What other runs are computing. */
  readonly #held = new Map<TaskId, PlannedTask>();
  /** Of which that was said. */
  readonly #waited = new Set<TaskId>();
  /** Nothing more begins. */
  #isStopping = false;
  /** Stops what runs when somebody asks for it, or when going on has become pointless. */
  readonly #stop = new AbortController();

  constructor(options: ExecuteOptions) {
    this.#options = options;
    options.signal.addEventListener("abort", () => (this.#isStopping = true), { once: true });
    this.#isStopping = options.signal.aborted;
    const { expected = new Map(), memoryBytes = Number.POSITIVE_INFINITY } = options;
    this.#queue = new ReadyQueue(options.plan.tasks, { slots: options.executor.slots, expected });
    this.#memory = new MemoryBudget(memoryBytes, expected);
    this.#taskOptions = {
      ...options,
      signal: AbortSignal.any([options.signal, this.#stop.signal]),
      plannedById: new Map(options.plan.tasks.map((planned) => [planned.task.id, planned])),
      rowLocks: new KeyedLocks(),
      sharedMemory: new SharedMemory(),
      tracks: new TrackNumbers(),
      clock: new WorkClock(options.cores ?? options.executor.slots, options.sinceStart),
      onPassing: (rows) => this.passing.push(rows),
      answerOf: (id) => this.#answerOf(id),
      restore: (lost) => this.#restore(lost),
    };
  }

  async run(): Promise<void> {
    const running = new Set<Promise<void>>();
    for (;;) {
      const mayStart = this.broken === null && running.size < this.#options.executor.slots;
      const fits = mayStart ? this.#takePostponed() : null;
      if (fits !== null) {
        this.#start(fits, running);
        continue;
      }
      const planned = mayStart && this.#postponed === null ? this.#queue.next() : null;
      if (planned === null) {
        if (this.broken === null && this.#held.size > 0) {
          await Promise.race([...running, delay(heldPause)]);
          this.#takeBack();
        } else if (running.size > 0) await Promise.race(running);
        else return;
        continue;
      }
      const settled = this.#settleWithoutRunning(planned);
      if (settled !== null) {
        this.#end(planned, settled, { seconds: 0, forwardPasses: 0 });
        this.#queue.release(planned.task.id);
        continue;
      }
      const group = this.#gather(planned);
      if (this.#memory.admits(group)) this.#start(group, running);
      else this.#postponed = group;
    }
  }

  #start(group: readonly PlannedTask[], running: Set<Promise<void>>): void {
    this.#memory.begin(group);
    const task = this.#runGroup(group).finally(() => {
      this.#memory.end(group);
      running.delete(task);
    });
    running.add(task);
  }

  /** Null where nothing waits for memory, or not enough is free yet. */
  #takePostponed(): readonly PlannedTask[] | null {
    const group = this.#postponed;
    if (group === null || (!this.#isStopping && !this.#memory.admits(group))) return null;
    this.#postponed = null;
    if (!this.#isStopping) return group;
    for (const planned of group) {
      this.#end(planned, { outcome: "cancelled" }, { seconds: 0, forwardPasses: 0 });
      this.#queue.release(planned.task.id);
    }
    return null;
  }

  /** The task and, of a fused op, those that are ready and can share its call. */
  #gather(planned: PlannedTask): readonly PlannedTask[] {
    const key = planned.status === "hit" ? null : this.#fusionKey(planned);
    if (key === null) return [planned];
    return [planned, ...this.#queue.takeAll((other) => other.status !== "hit" && this.#fusionKey(other) === key)];
  }

  #fusionKey(planned: PlannedTask): string | null {
    const known = this.#fusionKeys.get(planned.task.id);
    if (known !== undefined) return known;
    const key = fusionKey(planned);
    this.#fusionKeys.set(planned.task.id, key);
    return key;
  }

  async #runGroup(group: readonly PlannedTask[]): Promise<void> {
    try {
      const ended = await runTasks(group, this.#taskOptions);
      for (const [index, planned] of group.entries()) {
        const { outcome, heldBy = null, ...cost } = ended[index]!;
        if (outcome === null) this.#wait(planned, heldBy);
        else this.#end(planned, outcome, cost);
      }
      for (const { task } of group) if (!this.#held.has(task.id)) this.#queue.release(task.id);
    } catch (error) {
      this.#breakOff(error);
    }
  }

  #heedFailure(): void {
    const { onFailure = "continue" } = this.#options;
    if (onFailure !== "continue") this.#isStopping = true;
    if (onFailure === "stop") this.#stop.abort();
  }

  #breakOff(error: unknown): void {
    this.broken ??= error instanceof Error ? error : new Error(String(error));
    this.#stop.abort();
  }

  #wait(planned: PlannedTask, holder: LeaseHolder | null): void {
    const { id, op, label } = planned.task;
    this.#held.set(id, planned);
    if (holder === null || this.#waited.has(id)) return;
    this.#waited.add(id);
    const { host, pid } = holder;
    this.#options.emit({ event: "task.waiting", task: id, op, label, host, pid });
  }

  /** Tasks whose other run has ended them, or is gone, are tried again. */
  #takeBack(): void {
    const { leases } = this.#options;
    const fingerprintOf = ({ question }: PlannedTask): Fingerprint => question!.fingerprint;
    try {
      const held = this.#isStopping ? null : leases.findHeld([...this.#held.values()].map(fingerprintOf));
      for (const [id, planned] of this.#held) {
        if (held?.has(fingerprintOf(planned)) === true) continue;
        this.#held.delete(id);
        this.#queue.putBack(id);
      }
    } catch (error) {
      this.#breakOff(error);
    }
  }

  #end(planned: PlannedTask, outcome: TaskOutcome, cost: TaskCost): void {
    this.outcomes.set(planned.task.id, outcome);
    this.forwardPasses += cost.forwardPasses;
    if (outcome.outcome === "failed") this.#heedFailure();
    reportTask(planned, outcome, cost, this.#options.emit);
  }

  /** Ends that need no work: a failed input, or a run that is being stopped. */
  #settleWithoutRunning(planned: PlannedTask): TaskOutcome | null {
    if (planned.status === "hit") return null;
    for (const id of Object.values(planned.task.inputs)) {
      const upstream = this.outcomes.get(id);
      if (upstream?.outcome === "failed") return { outcome: "skipped", because: id };
      if (upstream?.outcome === "skipped") return { outcome: "skipped", because: upstream.because };
      if (upstream?.outcome === "cancelled") return { outcome: "cancelled" };
    }
    return this.#isStopping ? { outcome: "cancelled" } : null;
  }

  #answerOf(id: TaskId): TaskAnswer {
    const outcome = this.outcomes.get(id);
    if (outcome?.outcome !== "cached" && outcome?.outcome !== "computed") {
      throw new Error(`The input "${id}" was used before it had an answer.`);
    }
    return outcome.answer;
  }

  /** An answer that was stored, but is damaged or gone, is computed anew, once. */
  #restore({ planned, answer }: Upstream): Promise<boolean> {
    const { id } = planned.task;
    const earlier = this.#restored.get(id);
    // A second loss of the same answer means that making it anew did not help.
    if (earlier !== undefined) return earlier.then((wasRestored) => wasRestored && this.#answerOf(id) !== answer);
    const restored = this.#computeAnew(planned, answer);
    this.#restored.set(id, restored);
    return restored;
  }

  async #computeAnew(planned: PlannedTask, lost: TaskAnswer): Promise<boolean> {
    const inputs = Object.values(planned.task.inputs);
    if (this.#options.mayRestore === false || inputs.some((input) => !this.outcomes.has(input))) return false;
    this.#options.store.dropArtifact(lost.artifact);
    for (;;) {
      const [ended] = await runTasks([{ ...planned, status: "miss", answer: null }], this.#taskOptions);
      const { outcome, ...cost } = ended!;
      if (outcome !== null) {
        this.#end(planned, outcome, cost);
        return outcome.outcome === "computed" || outcome.outcome === "cached";
      }
      if (this.#taskOptions.signal.aborted) return false;
      await delay(heldPause);
    }
  }
}
