import { packAskedTasks, unpackAskedTasks } from "../asked-parts.ts";
import type { Fingerprint } from "../../hash/digests.ts";
import { costRuns, drawNumber, unknownRun } from "../store-arguments.ts";
import type { PastCost, RunId, RunTask, Store, StoredRun } from "../store.ts";

/** Runs and how their tasks ended. */
export interface MemoryRuns {
  readonly operations: Pick<
    Store,
    | "startRun"
    | "finishRun"
    | "noteStoredTasks"
    | "findRunTasks"
    | "findRun"
    | "findRuns"
    | "findTasksOfRun"
    | "saveAskedTasks"
    | "readAskedTasks"
    | "findCosts"
    | "findCostsOf"
  >;
  saveTask(task: RunTask): void;
  /** The last `limit` questions that each of the slots was asked, newest first. */
  pastQuestions(slots: readonly string[], limit: number): ReadonlyMap<string, readonly Fingerprint[]>;
  /** @throws Error where the run was never started */
  require(run: RunId): StoredRun;
  count(): number;
  /** The ends of tasks, oldest first, to be looked through and removed from. */
  readonly tasks: RunTask[];
}

export function createMemoryRuns(): MemoryRuns {
  const runs: StoredRun[] = [];
  const tasks: RunTask[] = [];
  const asked = new Map<RunId, readonly string[]>();
  const require = (run: RunId): StoredRun => {
    const found = runs[run - 1];
    if (found === undefined) throw unknownRun(run);
    return found;
  };
  return {
    operations: {
      startRun: ({ program, startedAt, environment }) =>
        runs.push({ run: runs.length + 1, program, startedAt: new Date(startedAt), environment, end: null }),
      finishRun: (run, summary) => {
        runs[run - 1] = { ...require(run), end: { finishedAt: new Date(), summary } };
      },
      findRun: (run) => runs[run - 1] ?? null,
      findRuns: (limit) => runs.toReversed().slice(0, limit),
      findTasksOfRun: (run) =>
        tasks
          .filter((task) => task.run === run)
          .map(({ slot, fingerprint, outcome, reason, seconds, times = null }) => {
            return { slot, fingerprint, outcome, reason, seconds, times };
          }),
      *saveAskedTasks(run, all) {
        require(run);
        const parts: string[] = [];
        for (const part of packAskedTasks(all)) {
          parts.push(part);
          yield;
        }
        if (parts.length > 0) asked.set(run, parts);
      },
      readAskedTasks: (run) => asked.get(run)?.flatMap(unpackAskedTasks) ?? null,
      findCosts: ({ op, tasks: most, tasksOfRun, isWanted }) => {
        const ofOp = tasks.flatMap(costOf).filter((cost) => cost.op === op);
        const makers = [...new Set(ofOp.map(({ run }) => run))].sort((a, b) => b - a).slice(0, costRuns);
        const drawn = makers
          .filter((run) => isWanted(require(run)))
          .flatMap((run) =>
            ofOp
              .filter((cost) => cost.run === run)
              .sort((a, b) => drawNumber(a.fingerprint) - drawNumber(b.fingerprint))
              .slice(0, tasksOfRun),
          );
        return drawn.slice(0, most);
      },
      findCostsOf: (fingerprints) => {
        const wanted = new Set(fingerprints);
        return tasks.toReversed().flatMap((task) => (wanted.has(task.fingerprint) ? costOf(task) : []));
      },
      noteStoredTasks: (run, stored) => {
        require(run);
        for (const { slot, fingerprint } of stored) {
          const last = tasks.findLast((task) => task.slot === slot);
          if (last?.fingerprint === fingerprint) continue;
          tasks.push({ run, slot, fingerprint, manifest: "", outcome: "cached", reason: "stored", seconds: 0 });
        }
      },
      findRunTasks: (slot, limit) =>
        tasks
          .filter((task) => task.slot === slot)
          .reverse()
          .slice(0, limit)
          .map(({ run, fingerprint, outcome, reason }) => {
            return { run, startedAt: require(run).startedAt, fingerprint, outcome, reason };
          }),
    },
    saveTask: (task) => {
      tasks.push(task);
    },
    pastQuestions: (slots, limit) => {
      const past = new Map(slots.map((slot): [string, Fingerprint[]] => [slot, []]));
      for (const { slot, fingerprint } of tasks.toReversed()) {
        const found = past.get(slot);
        if (found !== undefined && found.length < limit) found.push(fingerprint);
      }
      return past;
    },
    require,
    tasks,
    count: () => runs.length,
  };
}

function costOf({ run, fingerprint, manifest, cost }: RunTask): readonly PastCost[] {
  return cost === undefined ? [] : [{ ...cost, run, fingerprint, manifest }];
}
