import type { TaskId } from "@exp-lab/dsl";
import type { Comparison, Ranking } from "@exp-lab/ops";
import type { RunPlanned, RunSummary, TaskFinished, TaskStarted, TaskWaiting } from "../../2-execute/events.ts";
import { nothingFound, type Findings } from "../../3-tabulate/findings.ts";
import type { ScoreState, ScoreStates } from "../../3-tabulate/score-state.ts";
import type { RunEvent } from "../run-event.ts";
import { progressed, startedTask, type RunningTask } from "./running-task.ts";

/** All that a dashboard knows of a run: a fold over its events, and nothing else. Times are milliseconds since 1970. */
export interface DashboardState {
  readonly program: string;
  readonly startedAt: number | null;
  /** Bytes of input files read so far for their digests; null before the first. */
  readonly hashing: { readonly bytes: number; readonly totalBytes: number } | null;
  /** Null while the plan is being made. */
  readonly plan: RunPlanned | null;
  /** The tasks under way, in the order in which they began. */
  readonly running: ReadonlyMap<TaskId, RunningTask>;
  /** The tasks that another run is computing. */
  readonly waiting: ReadonlyMap<TaskId, TaskWaiting>;
  readonly ended: ReadonlyMap<TaskId, EndedTask>;
  readonly counts: OutcomeCounts;
  readonly scores: ScoreStates;
  readonly findings: Findings;
  /** The last tasks that did something, oldest first. */
  readonly log: readonly LoggedTask[];
  readonly failures: readonly LoggedTask[];
  readonly isStopping: boolean;
  readonly summary: RunSummary | null;
  readonly endedAt: number | null;
}

export type Outcome = TaskFinished["outcome"];

export interface EndedTask {
  readonly outcome: Outcome;
  readonly seconds: number;
}

export type OutcomeCounts = Readonly<Record<Outcome, number>>;

export interface LoggedTask {
  readonly event: TaskFinished;
  readonly examples: TaskStarted["examples"];
}

/** How many ended tasks the log keeps. */
const logLength = 500;

export const initialState: DashboardState = {
  program: "",
  startedAt: null,
  hashing: null,
  plan: null,
  running: new Map(),
  waiting: new Map(),
  ended: new Map(),
  counts: { cached: 0, computed: 0, failed: 0, skipped: 0, cancelled: 0 },
  scores: new Map(),
  findings: nothingFound,
  log: [],
  failures: [],
  isStopping: false,
  summary: null,
  endedAt: null,
};

/** The state after one more event. */
export function reduceState(state: DashboardState, event: RunEvent): DashboardState {
  return foldEvents(state, [event]);
}

/** The state after these events. Copies what they touch once, however many they are; what they leave alone stays the same object. */
export function foldEvents(state: DashboardState, events: readonly RunEvent[]): DashboardState {
  if (events.length === 0) return state;
  const draft = openDraft(state, new Set(events.map(({ event }) => event)));
  for (const event of events) apply(draft, event);
  return { ...draft, log: draft.log.slice(-logLength) };
}

type Draft = { -readonly [Field in Exclude<keyof DashboardState, Collection>]: DashboardState[Field] } & {
  running: Map<TaskId, RunningTask>;
  waiting: Map<TaskId, TaskWaiting>;
  ended: Map<TaskId, EndedTask>;
  counts: Record<Outcome, number>;
  scores: Map<TaskId, ScoreState>;
  findings: DraftFindings;
  log: LoggedTask[];
  failures: LoggedTask[];
};
type Collection = "running" | "waiting" | "ended" | "counts" | "scores" | "findings" | "log" | "failures";

interface DraftFindings {
  readonly comparisons: Map<TaskId, Comparison>;
  readonly rankings: Map<TaskId, Ranking>;
}

/** What is not touched stays the same object: whoever draws it compares it by identity. */
function copiedFindings(findings: Findings, isTouched: boolean): DraftFindings {
  return isTouched
    ? { comparisons: new Map(findings.comparisons), rankings: new Map(findings.rankings) }
    : (findings as DraftFindings);
}

function openDraft(state: DashboardState, kinds: ReadonlySet<RunEvent["event"]>): Draft {
  const replans = kinds.has("run.planned");
  const ends = replans || kinds.has("task.finished");
  const copied = <Value>(map: ReadonlyMap<TaskId, Value>, isTouched: boolean): Map<TaskId, Value> =>
    isTouched ? new Map(map) : (map as Map<TaskId, Value>);
  return {
    ...state,
    running: copied(state.running, ends || kinds.has("task.started") || kinds.has("task.progress")),
    waiting: copied(state.waiting, ends || kinds.has("task.waiting") || kinds.has("task.started")),
    ended: copied(state.ended, ends),
    counts: { ...state.counts },
    scores: copied(state.scores, ends || kinds.has("score.known")),
    findings: copiedFindings(state.findings, replans || kinds.has("comparison.known") || kinds.has("ranking.known")),
    log: [...state.log],
    failures: [...state.failures],
  };
}

function apply(draft: Draft, event: RunEvent): void {
  switch (event.event) {
    case "run.started":
      draft.program = event.program;
      draft.startedAt = Date.parse(event.time);
      return;
    case "files.hashing":
      draft.hashing = { bytes: event.bytes, totalBytes: event.totalBytes };
      return;
    case "run.planned":
      applyPlan(draft, event);
      return;
    case "run.device":
      // It stands on the terminal once the screen is left.
      return;
    case "task.waiting":
      draft.waiting.set(event.task, event);
      return;
    case "task.started":
      draft.waiting.delete(event.task);
      draft.running.set(event.task, startedTask(event));
      return;
    case "task.progress": {
      const task = draft.running.get(event.task);
      if (task !== undefined) draft.running.set(event.task, progressed(task, event));
      return;
    }
    case "task.retried":
      // What it comes to is seen by its progress.
      return;
    case "task.finished":
      applyEnd(draft, event);
      return;
    case "score.known":
      draft.scores.set(event.task, { state: "done", score: event.score });
      return;
    case "comparison.known":
      draft.findings.comparisons.set(event.task, event.comparison);
      return;
    case "ranking.known":
      draft.findings.rankings.set(event.task, event.ranking);
      return;
    case "run.interrupted":
      draft.isStopping = true;
      return;
    case "run.finished":
      draft.summary = event.summary;
      draft.endedAt = Date.parse(event.time);
  }
}

/** A plan that is made a second time, because something stored turned out to be lost, begins anew. */
function applyPlan(draft: Draft, event: RunPlanned): void {
  draft.plan = event;
  draft.running.clear();
  draft.waiting.clear();
  draft.ended.clear();
  draft.scores.clear();
  draft.findings.comparisons.clear();
  draft.findings.rankings.clear();
  draft.counts = { ...initialState.counts };
  draft.log = [];
  draft.failures = [];
}

function applyEnd(draft: Draft, event: TaskFinished): void {
  const { task, outcome, seconds } = event;
  const entry: LoggedTask = { event, examples: draft.running.get(task)?.started.examples };
  const before = draft.ended.get(task);
  // An answer that is lost while the run needs it is made again: the task ends twice and counts once.
  if (before !== undefined) draft.counts[before.outcome] -= 1;
  draft.counts[outcome] += 1;
  draft.ended.set(task, { outcome, seconds });
  draft.running.delete(task);
  draft.waiting.delete(task);
  if (outcome === "computed" || outcome === "failed" || event.reason === "same-bytes") draft.log.push(entry);
  if (outcome === "failed") {
    draft.failures.push(entry);
    draft.scores.set(task, { state: "failed", message: event.failure?.message ?? "" });
  }
  if (outcome === "skipped") draft.scores.set(task, { state: "failed", message: "An input failed." });
}
