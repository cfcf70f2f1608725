import { dirname, resolve } from "node:path";
import type { TaskGraph } from "@exp-lab/dsl";
import { planGraph } from "../1-plan/plan-graph.ts";
import type { Plan } from "../1-plan/plan.ts";
import { createWorkerExecutor } from "../2-execute/workers/worker-executor.ts";
import { openMemoryStore } from "../store/memory/memory-store.ts";
import type { Store } from "../store/store.ts";
import type { CallOptions, Terminal } from "./command.ts";
import { loadProgram, sayNotes, sayNoTables, type LoadedProgram } from "./load-program.ts";
import { holdToLock, type LockGuard } from "./lock/hold-to-lock.ts";
import { environmentError, libraryVersions, openToRead, opsByName, programName, wrongInput } from "./session.ts";
import { findStoreFolder } from "./store-folder.ts";

export interface WithPlanOptions {
  /** The program's path. */
  readonly file: string;
  /** Where it is loaded already, and what is to be said of it has been said. */
  readonly program?: LoadedProgram;
  readonly options: CallOptions;
  readonly terminal: Terminal;
  /** Bytes of input files that planning may read; 512 MiB where it is not said. What is over it is told, not guessed. */
  readonly hashBudget?: number;
  /** True where the program's files are held to its lock. */
  readonly isLocked?: true;
}

/** A program with hit or miss decided for each of its tasks, and the store that was asked. */
export interface PlannedProgram {
  readonly graph: TaskGraph;
  readonly plan: Plan;
  readonly store: Store;
  readonly storeFolder: string;
  /** False where the folder holds no store yet: the plan is that of an empty one, and none is made. */
  readonly hasStore: boolean;
}

/**
 * What commands that run nothing have in common: load the graph, open the store that is there, plan, and close it after
 * the work.
 * @throws CommandError (2) where the program is wrong or a file that it names is missing; (4) where the store is unreadable
 */
export async function withPlan<Value>(
  { file, program: loaded, options, terminal, isLocked, hashBudget = usualHashBudget }: WithPlanOptions,
  work: (planned: PlannedProgram) => Value | Promise<Value>,
): Promise<Value> {
  const program = loaded ?? loadProgram(file, options, terminal);
  const { graph } = program;
  const guard = isLocked === true ? holdToLock(program) : null;
  if (graph.tables.length === 0 && loaded === undefined) sayNoTables(file, terminal);
  const storeFolder = findStoreFolder(options.store, resolve(terminal.workingFolder, dirname(file)));
  const existing = openToRead(storeFolder, terminal);
  const store = existing ?? openMemoryStore();
  try {
    const plan = await planProgram(program, { store, guard, hashBudget });
    sayNotes(guard?.notes() ?? [], terminal);
    return await work({ graph, plan, store, storeFolder, hasStore: existing !== null });
  } catch (error) {
    throw environmentError(error);
  } finally {
    store.close();
  }
}

const usualHashBudget = 512 << 20;

interface Planning {
  readonly store: Store;
  readonly guard: LockGuard | null;
  readonly hashBudget: number;
}

async function planProgram({ graph, file }: LoadedProgram, { store, guard, hashBudget }: Planning): Promise<Plan> {
  const executor = createWorkerExecutor({ jobs: 1 });
  try {
    return await planGraph(graph, {
      program: programName(file),
      ops: opsByName(),
      libraryVersions: libraryVersions(),
      store,
      hashFiles: executor.hashFiles,
      hashBudget,
      rehash: false,
      onProgress: () => undefined,
      ...(guard === null ? {} : { onSources: guard.inspect }),
    });
  } catch (error) {
    throw wrongInput(error);
  } finally {
    await executor.close();
  }
}
