import { setImmediate } from "node:timers/promises";
import type { TaskGraph, TaskId } from "@exp-lab/dsl";
import type { Device, Op } from "@exp-lab/ops";
import { planGraph, type GraphSources } from "./1-plan/plan-graph.ts";
import { slotOf, type Plan } from "./1-plan/plan.ts";
import { askedTasks } from "./3-tabulate/asked-tasks.ts";
import type { Emit, RunSummary, Untimed } from "./2-execute/events.ts";
import { createDeviceChoice, type DeviceChoice } from "./2-execute/device-choice.ts";
import type { ChosenDevice, FailureMode } from "./2-execute/execute-options.ts";
import { executePlan, type Execution } from "./2-execute/execute-plan.ts";
import type { ExpectedSeconds } from "./2-execute/remaining-paths.ts";
import { TaskLeases } from "./2-execute/task-leases.ts";
import type { Executor } from "./2-execute/executor.ts";
import type { TaskOutcome } from "./2-execute/outcome.ts";
import { dropPassingRows } from "./2-execute/passing-rows.ts";
import { answersOfRun, type TableAnswers } from "./3-tabulate/read-scores.ts";
import { createAnswerReader, type AnswerReader } from "./3-tabulate/answer-reader.ts";
import { nothingFound } from "./3-tabulate/findings.ts";
import { createProviderNotes } from "./3-tabulate/provider-notes.ts";
import { sayAnswers } from "./3-tabulate/say-answers.ts";
import { tabulate } from "./3-tabulate/tabulate.ts";
import type { Table } from "./3-tabulate/table.ts";
import type { Reporter, RunEvent } from "./4-report/run-event.ts";
import type { Digest, Fingerprint } from "./hash/digests.ts";
import type { RunEnvironment } from "./run-environment.ts";
import type { RunId, Store } from "./store/store.ts";

export interface ExperimentOptions {
  /** The program's file name, without folders. */
  readonly program: string;
  readonly graph: TaskGraph;
  readonly ops: ReadonlyMap<string, Op>;
  readonly libraryVersions: Readonly<Record<string, string>>;
  readonly store: Store;
  readonly executor: Executor;
  readonly reporter: Reporter;
  /** Hears every plan before any of it runs; what it throws ends the run. */
  readonly checkPlan?: (plan: Plan) => void;
  /**
   * Finds out where backbones run; asked at most once, after a plan that has images to pass and before any of it runs, since that
   * may take seconds. What it throws ends the run. The CPU where it is not given.
   */
  readonly chooseDevice?: () => Promise<ChosenDevice>;
  /** Whether an answer that was stored and turns out to be lost may be computed anew (by default it may). */
  readonly mayRestore?: boolean;
  readonly onFailure?: FailureMode;
  /** Seconds that a task may take. */
  readonly taskSeconds?: number;
  /** Memory that tasks which run side by side may be expected to hold. */
  readonly memoryBytes?: number;
  readonly signal: AbortSignal;
  readonly rehash: boolean;
  /** Handed the files of every task before any is asked for; what it throws ends the run. */
  readonly onSources?: (sources: GraphSources) => void;
  /** With what it is computed, for provenance. */
  readonly environment: Partial<RunEnvironment>;
}

export interface ExperimentResult {
  readonly outcomes: ReadonlyMap<TaskId, TaskOutcome>;
  readonly summary: RunSummary;
  readonly tables: readonly Table[];
}

/** The runner on one screen: graph -> plan -> outcomes -> tables -> report. */
export async function runExperiment(options: ExperimentOptions): Promise<ExperimentResult> {
  const { program, graph, store, reporter, signal } = options;
  const say = (event: Untimed<RunEvent>): void => {
    reporter.report({ ...event, time: new Date().toISOString() });
  };
  const started = performance.now();
  const sinceStart = (): number => Math.round((performance.now() - started) * 1000) / 1000;
  const run = store.startRun({ program, startedAt: new Date(), environment: JSON.stringify(options.environment) });
  say({ event: "run.started", version: 1, run, program });
  signal.addEventListener("abort", () => {
    say({ event: "run.interrupted" });
  });

  const start = {
    run,
    sinceStart,
    read: createAnswerReader(store),
    device: createDeviceChoice(options.chooseDevice, say),
  };
  let done = await planAndExecute(options, start, say);
  // A score that was stored but cannot be read is dropped by the store on reading: the second time it is computed anew.
  if (options.mayRestore !== false && hasLostAnswers(done)) {
    const again = await planAndExecute(options, start, say);
    done = { ...again, passing: [...done.passing, ...again.passing] };
  }
  const { plan, outcomes, answers, summary, broken } = done;
  const scores = answers.map((ofTable) => ofTable.scores);
  const notesOf = createProviderNotes({ tasks: plan?.tasks ?? [], artifactOf: artifactsOf(outcomes), store });
  const tables = graph.tables.map((table, index) => {
    const findings = { ...(answers[index]?.findings ?? nothingFound), notes: notesOf(table) };
    return tabulate(table, answers[index]?.scores ?? new Map(), findings);
  });
  if (broken === null) {
    if (plan !== null) {
      const stored = storedTasks(plan, program);
      store.noteStoredTasks(run, stored);
      await noteUse(store, stored);
      await inSlices(store.saveAskedTasks(run, askedTasks({ plan, outcomes, scores })));
      await inSlices(dropPassingRows(done.passing, store));
    }
    const device = start.device.chosen;
    store.finishRun(run, JSON.stringify({ ...summary, plannedMs: done.plannedMs, ...(device !== null && { device }) }));
  }
  say({ event: "run.finished", summary, tables });
  if (broken !== null) throw broken;
  return { outcomes, summary, tables };
}

function artifactsOf(outcomes: ReadonlyMap<TaskId, TaskOutcome>): (id: TaskId) => Digest | null {
  return (id) => {
    const outcome = outcomes.get(id);
    return outcome !== undefined && "answer" in outcome ? outcome.answer.artifact : null;
  };
}

interface Start {
  readonly run: RunId;
  readonly sinceStart: () => number;
  readonly read: AnswerReader;
  readonly device: DeviceChoice;
}

interface Done extends Execution {
  readonly plan: Plan | null;
  /** Of every table of the graph. */
  readonly answers: readonly TableAnswers[];
  /** When the plan was there, in milliseconds since the run's start. */
  readonly plannedMs: number;
}

async function planAndExecute(options: ExperimentOptions, start: Start, emit: Emit): Promise<Done> {
  const { read } = start;
  const answersAfter = ({ outcomes }: Execution): readonly TableAnswers[] =>
    options.graph.tables.map((table) => answersOfRun(table, outcomes, read));
  const plan = await planUnlessStopped(options, emit);
  const plannedMs = start.sinceStart();
  if (plan === null) return { plan, plannedMs, ...nothingDone, answers: answersAfter(nothingDone) };
  options.checkPlan?.(plan);
  const { device = "cpu" } = (await start.device.for(plan)) ?? {};
  const expected = await expectSeconds(plan, options, device);
  const cores = options.environment.device?.cores;
  const machine = cores === undefined ? {} : { cores };
  const emitWithAnswers = sayAnswers({ plan, store: options.store, read, emit });
  const leases = new TaskLeases(options.store);
  try {
    const every = { ...options, ...start, ...machine, device, plan, expected, leases, emit: emitWithAnswers };
    const execution = await executePlan(every);
    return { plan, plannedMs, ...execution, answers: answersAfter(execution) };
  } finally {
    leases.close();
  }
}

/** What the tasks should take, where the order in which they start can make a run shorter. */
async function expectSeconds(
  plan: Plan,
  { executor, environment, store }: ExperimentOptions,
  provider: Device,
): Promise<ExpectedSeconds> {
  const device = environment.device && { ...environment.device, provider };
  const isFree = executor.slots > 1 && plan.summary.hits < plan.summary.tasks;
  if (device === undefined || !isFree) return new Map();
  // A run in which everything is stored does not even load what predicts.
  const { countRows, predictTasks } = await import("./2-execute/predict/predict-plan.ts");
  const rows = countRows(plan.tasks, store);
  const { predicted } = await inSlices(predictTasks(plan.tasks, { store, device, rows }));
  return predicted;
}

/** Works slice by slice, so that the screen goes on. */
async function inSlices<Result>(work: Generator<void, Result>): Promise<Result> {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    await setImmediate();
  }
}

function hasLostAnswers({ answers, outcomes }: Done): boolean {
  return answers.some(({ lost }) => lost.some((id) => outcomes.get(id)?.outcome === "cached"));
}

/** Null where the run was stopped while its input files were being read. */
async function planUnlessStopped(options: ExperimentOptions, emit: Emit): Promise<Plan | null> {
  try {
    const plan = await planGraph(options.graph, {
      ...options,
      hashFiles: options.executor.hashFiles,
      hashBudget: Number.POSITIVE_INFINITY,
      onProgress: (bytes, totalBytes) => {
        emit({ event: "files.hashing", bytes, totalBytes });
      },
    });
    const { tasks, hits, maybes, misses } = plan.summary;
    const toRun = plan.tasks.flatMap(({ task, status }) => (status === "hit" ? [] : [task.id]));
    emit({ event: "run.planned", tasks, hits, maybes, misses, toRun });
    return plan;
  } catch (error) {
    if (options.signal.aborted) return null;
    throw error;
  }
}

const nothingDone: Execution = {
  outcomes: new Map(),
  summary: { tasks: 0, cached: 0, computed: 0, failed: 0, skipped: 0, cancelled: 0, forwardPasses: 0, seconds: 0 },
  broken: null,
  passing: [],
};

/** How many answers are noted at a time: some milliseconds' worth. */
const notedAtOnce = 1000;

/** What was stored before and needed now is in use, whoever made it. */
async function noteUse(store: Store, stored: readonly { readonly fingerprint: Fingerprint }[]): Promise<void> {
  const now = new Date();
  const fingerprints = stored.map(({ fingerprint }) => fingerprint);
  for (let start = 0; start < fingerprints.length; start += notedAtOnce) {
    store.noteUse(fingerprints.slice(start, start + notedAtOnce), now);
    await setImmediate();
  }
}

function storedTasks(plan: Plan, program: string): readonly { slot: string; fingerprint: Fingerprint }[] {
  return plan.tasks.flatMap(({ task, question, answer }) =>
    question === null || answer === null || answer.byContent
      ? []
      : [{ slot: slotOf(program, task), fingerprint: question.fingerprint }],
  );
}
