import type { Fingerprint } from "../../hash/digests.ts";
import { unknownRun } from "../store-arguments.ts";
import type { NewRun, RunId, RunTask, Store } from "../store.ts";

/** Runs and how their tasks ended. */
export interface MemoryRuns {
  readonly operations: Pick<Store, "startRun" | "finishRun" | "noteStoredTasks" | "findRunTasks">;
  saveTask(task: RunTask): void;
  /** The last `limit` questions that each of the slots was asked, newest first. */
  pastQuestions(slots: readonly string[], limit: number): ReadonlyMap<string, readonly Fingerprint[]>;
  /** @throws Error where the run was never started */
  require(run: RunId): Pick<NewRun, "program" | "startedAt">;
  count(): number;
}

export function createMemoryRuns(): MemoryRuns {
  const runs: Pick<NewRun, "program" | "startedAt">[] = [];
  const tasks: RunTask[] = [];
  const require = (run: RunId): Pick<NewRun, "program" | "startedAt"> => {
    const found = runs[run - 1];
    if (found === undefined) throw unknownRun(run);
    return found;
  };
  return {
    operations: {
      startRun: ({ program, startedAt }) => runs.push({ program, startedAt: new Date(startedAt) }),
      finishRun: (run) => {
        require(run);
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
    count: () => runs.length,
  };
}
