import { dirname, resolve } from "node:path";
import type { Plan } from "../../1-plan/plan.ts";
import type { RunSummary } from "../../2-execute/events.ts";
import type { FailureMode } from "../../2-execute/execute-options.ts";
import { Handover, handoverFolder } from "../../2-execute/workers/handover.ts";
import { createWorkerExecutor } from "../../2-execute/workers/worker-executor.ts";
import { formatTable } from "../../3-tabulate/formats/formats.ts";
import { runExperiment, type ExperimentOptions } from "../../run-experiment.ts";
import type { CallOptions, CommandDefinition, Terminal } from "../command.ts";
import { chooseReporter } from "../choose-reporter.ts";
import { createDeviceChooser } from "../device/device-chooser.ts";
import { describeEnvironment } from "../describe-environment.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { stopOnInterrupt } from "../interrupts.ts";
import { loadProgram, sayNotes, sayNoTables, type LoadedProgram } from "../load-program.ts";
import { holdToLock } from "../lock/hold-to-lock.ts";
import { isPlanFile, loadPlanFile, requirePlanned } from "../plan-files.ts";
import { readDuration } from "../read-duration.ts";
import { networkNote } from "../store-settings.ts";
import { libraryVersions, openOrMakeStore, opsByName, programName, wrongInput } from "../session.ts";
import { findStoreFolder } from "../store-folder.ts";
import { tableOptions } from "../table-options.ts";
import { readWorkerKind, usableMemory, workerKinds, type WorkerKind } from "../worker-kind.ts";
import { fetchNeeded } from "../weights/fetch-needed.ts";
import { readSize } from "../cache/limits.ts";

/** `exp run FILE`: run what is missing, then print the tables. */
export const runCommand: CommandDefinition = {
  name: "run",
  summary: "run what is missing, then print the tables",
  arguments: [{ name: "file", summary: "the program, or a plan of `exp plan FILE --out NAME.plan`" }],
  options: [
    { flags: "--rehash", summary: "read every input file anew, trusting no remembered digest" },
    {
      flags: "--on-failure <mode>",
      summary: "continue with the rest, finish what has begun, or stop",
      choices: ["continue", "finish", "stop"],
      default: "continue",
    },
    { flags: "--task-time <duration>", summary: "fail a task that takes longer, e.g. 30m" },
    { flags: "--workers <kind>", summary: "where ops run (else EXP_WORKERS)", choices: workerKinds },
    { flags: "--memory <size>", summary: "memory that tasks side by side may hold, e.g. 12GB" },
    { flags: "--on <host>", summary: "run on another machine", isKept: true },
    { flags: "--detach", summary: "go on without the terminal", isKept: true },
  ],
  run: async ({ arguments: [given = ""], options: givenOptions }, terminal) => {
    const failing = readFailureOptions(givenOptions);
    const workers = readWorkerKind(givenOptions, terminal.environment);
    const plan = isPlanFile(given) ? loadPlanFile(given, givenOptions, terminal) : null;
    const file = plan?.program ?? given;
    const options = plan?.options ?? givenOptions;
    const program = loadProgram(file, options, terminal);
    if (program.graph.tables.length === 0) {
      sayNoTables(file, terminal);
      // A program that reads the events is owed the last one all the same.
      if (!options.json) return exitCodes.done;
    }
    const bounds: Bounds = {
      ...failing,
      ...(plan !== null && {
        checkPlan: (made: Plan): void => {
          requirePlanned(made, plan.planned, given);
        },
        mayRestore: false,
      }),
    };
    return runGraph(program, { options, terminal, bounds, workers });
  },
};

interface Surroundings {
  readonly options: CallOptions;
  readonly terminal: Terminal;
  readonly bounds: Bounds;
  readonly workers: WorkerKind;
}

/** How far a run may go: by a plan that was written down, and when something fails. */
type Bounds = Pick<ExperimentOptions, "checkPlan" | "mayRestore" | "onFailure" | "taskSeconds" | "memoryBytes">;

async function runGraph(
  program: LoadedProgram,
  { options, terminal, bounds, workers }: Surroundings,
): Promise<ExitCode> {
  const { file, graph, sources } = program;
  const guard = holdToLock(program);
  const interrupts = stopOnInterrupt();
  const folder = findStoreFolder(options.store, resolve(terminal.workingFolder, dirname(file)));
  const rehash = options.own["rehash"] === true;
  await fetchNeeded(program, { options, terminal, folder, rehash, signal: interrupts.signal }).catch(
    (error: unknown) => {
      interrupts.release();
      throw wrongInput(error);
    },
  );
  const environment = describeEnvironment({ file, sources, options, terminal });
  const store = openOrMakeStore(folder, terminal);
  sayNotes(
    [networkNote(folder, terminal)].flatMap((note) => note ?? []),
    terminal,
  );
  const { jobs } = options;
  const handover = new Handover(handoverFolder(folder), terminal.watch);
  // What computes on a device does so in processes, wherever the rest runs.
  const executor = createWorkerExecutor({
    jobs,
    ...(workers === "threads" ? { deviceHandover: handover } : { handover }),
  });
  const reporter = await chooseReporter({ options, terminal, graph, slots: executor.slots, interrupts });
  try {
    const { tables, summary } = await runExperiment({
      program: programName(file),
      graph,
      ops: opsByName(),
      libraryVersions: libraryVersions(),
      store,
      executor,
      reporter,
      ...bounds,
      signal: interrupts.signal,
      rehash,
      onSources: guard.inspect,
      ...(options.device !== "cpu" && {
        chooseDevice: createDeviceChooser(options.device, interrupts.signal),
      }),
      environment: await environment,
    });
    // A live screen is left before anything is printed that is to stay.
    reporter.close();
    sayNotes(guard.notes(), terminal);
    if (!options.json) {
      terminal.out(tables.map((table) => formatTable(table, "text", tableOptions(terminal))).join("\n"));
      if (interrupts.signal.aborted) terminal.err("\nStopped. Run again to go on.\n");
    }
    return exitCodeOf(summary, interrupts.signal);
  } catch (error) {
    throw wrongInput(error);
  } finally {
    interrupts.release();
    reporter.close();
    await executor.close();
    store.close();
  }
}

const failureModes: readonly FailureMode[] = ["continue", "finish", "stop"];

function readFailureOptions({ own }: CallOptions): Bounds {
  const { onFailure, taskTime, memory } = own;
  return {
    onFailure: failureModes.find((mode) => mode === onFailure) ?? "continue",
    ...(typeof taskTime === "string" ? { taskSeconds: readDuration("--task-time", taskTime) } : {}),
    memoryBytes: typeof memory === "string" ? readSize(memory, "--memory") : usableMemory(),
  };
}

function exitCodeOf(summary: RunSummary, signal: AbortSignal): ExitCode {
  if (signal.aborted) return exitCodes.interrupted;
  return summary.failed > 0 ? exitCodes.failed : exitCodes.done;
}
