import type { TaskId } from "@exp-lab/dsl";
import { examplesInput, rowInputs } from "../../1-plan/count-examples.ts";
import type { PlannedById, PlannedTask } from "../../1-plan/plan.ts";
import type { Fingerprint } from "../../hash/digests.ts";
import { fusionKey } from "../fusion-key.ts";
import type { RowCount } from "./count-rows.ts";
import { isSpread } from "../is-spread.ts";
import { estimateCost, type Basis, type CostEstimate, type PastTask } from "./estimate-cost.ts";
import { createPastTaskReader, type HistorySource, type OpHistory } from "./read-past-tasks.ts";
import { traitsOf, type TaskSizes } from "./task-traits.ts";

/** What one task of a plan should take. */
export interface TaskPrediction {
  /** With the machine to itself; of a fused call, its share. */
  readonly seconds: number;
  /** Bytes to be stored. */
  readonly bytes: number;
  /** The most memory that its workers should hold; null where no past run knows. */
  readonly peakBytes: number | null;
  readonly basis: Basis;
  /** Whether its call uses all cores. */
  readonly isSpread: boolean;
  /** Whether it is taken to have as many examples as the last time, none of them stored, since it is not known how many. */
  readonly isAssumed: boolean;
  /** Whether its inputs are over twice as large as those of any past task of its op: it may well take longer. */
  readonly isBeyond: boolean;
}

/** Why a task has no prediction. Nothing is ever put in its place. */
export type Unpredicted = "no past run" | "another machine" | "images not counted" | "files not read";

export interface TaskPredictions {
  readonly predicted: ReadonlyMap<TaskId, TaskPrediction>;
  readonly unpredicted: ReadonlyMap<TaskId, Unpredicted>;
  /** What the predictions rest on, by op. */
  readonly histories: ReadonlyMap<string, OpHistory>;
}

export interface PredictionSource extends HistorySource {
  /** The rows of the plan's extractions; see `countRows`. */
  readonly rows: ReadonlyMap<TaskId, RowCount>;
}

/** So many tasks are predicted between two yields: a few milliseconds' work. */
const tasksAtOnce = 100;

/**
 * What each task that is to run should take, from what past tasks took on this machine. Yields every few milliseconds, so that
 * the caller can let others run.
 */
export function* predictTasks(
  tasks: readonly PlannedTask[],
  source: PredictionSource,
): Generator<void, TaskPredictions> {
  const predicted = new Map<TaskId, TaskPrediction>();
  const unpredicted = new Map<TaskId, Unpredicted>();
  const toRun = tasks.filter(({ status }) => status !== "hit");
  if (toRun.length === 0) return { predicted, unpredicted, histories: new Map() };
  const known = yield* gatherKnown(tasks, toRun, source);
  for (const [index, planned] of toRun.entries()) {
    const prediction = predictTask(planned, known);
    if (typeof prediction === "string") unpredicted.set(planned.task.id, prediction);
    else predicted.set(planned.task.id, prediction);
    if (index % tasksAtOnce === tasksAtOnce - 1) yield;
  }
  return { predicted, unpredicted, histories: known.histories };
}

/** What predicting goes by. */
interface Known {
  readonly byId: PlannedById;
  readonly histories: ReadonlyMap<string, OpHistory>;
  readonly largestInputs: ReadonlyMap<string, number>;
  /** Past answers to the very questions that are to be asked. */
  readonly asked: ReadonlyMap<Fingerprint, readonly PastTask[]>;
  /** What consumers are handed, by the task that makes it: as it was for what is stored, as predicted for the rest. */
  readonly outputBytes: Map<TaskId, number>;
  /** Tasks in each fused call. */
  readonly calls: ReadonlyMap<TaskId, number>;
  readonly rows: ReadonlyMap<TaskId, RowCount>;
  /** One for all tasks of an estimate, to spare memory. */
  readonly predictions: Map<CostEstimate, TaskPrediction>;
  /** Sweeps ask for the same thousands of times. */
  readonly estimates: Map<string, CostEstimate | null>;
}

function* gatherKnown(
  tasks: readonly PlannedTask[],
  toRun: readonly PlannedTask[],
  source: PredictionSource,
): Generator<void, Known> {
  const reader = createPastTaskReader(source);
  const histories = new Map<string, OpHistory>();
  const ops = new Map(toRun.map(({ op }) => [op.signature.name, op]));
  for (const [name, op] of ops) {
    histories.set(name, reader.readOp(op));
    yield;
  }
  const hasHistory = [...histories.values()].some((history) => history.tasks.length > 0);
  const asked = new Map<Fingerprint, PastTask[]>();
  const outputBytes = new Map<TaskId, number>();
  const byId = new Map(tasks.map((planned) => [planned.task.id, planned]));
  const known: Known = {
    ...{ byId, histories, asked, outputBytes, estimates: new Map(), rows: source.rows, predictions: new Map() },
    largestInputs: new Map([...histories].map(([name, history]) => [name, largestInput(history.tasks)])),
    calls: hasHistory ? countCalls(toRun) : new Map(),
  };
  if (!hasHistory) return known;

  const open = new Map(toRun.flatMap(({ question, op }) => (question === null ? [] : [[question.fingerprint, op]])));
  for (const part of inParts([...open.keys()])) {
    for (const cost of reader.keepOwn(source.store.findCostsOf(part), ({ fingerprint }) => open.get(fingerprint)!)) {
      const past = reader.toPastTask(cost, open.get(cost.fingerprint)!);
      const earlier = asked.get(cost.fingerprint);
      if (past === null) continue;
      if (earlier === undefined) asked.set(cost.fingerprint, [past]);
      else earlier.push(past);
    }
    yield;
  }
  const inputs = new Set(toRun.flatMap(({ task }) => Object.values(task.inputs)));
  const stored = new Map<Fingerprint, TaskId>();
  for (const { task, status, question } of tasks) {
    if (status === "hit" && question !== null && inputs.has(task.id)) stored.set(question.fingerprint, task.id);
  }
  for (const part of inParts([...stored.keys()])) {
    for (const cost of source.store.findCostsOf(part)) outputBytes.set(stored.get(cost.fingerprint)!, cost.outputBytes);
    yield;
  }
  return known;
}

/** Looking up so many questions takes some milliseconds. */
const questionsAtOnce = 1000;

function* inParts<Item>(items: readonly Item[]): Generator<readonly Item[], void> {
  for (let start = 0; start < items.length; start += questionsAtOnce) {
    yield items.slice(start, start + questionsAtOnce);
  }
}

function largestInput(tasks: readonly PastTask[]): number {
  return tasks.reduce((largest, { traits }) => Math.max(largest, traits.inputBytes ?? 0), 0);
}

function countCalls(toRun: readonly PlannedTask[]): ReadonlyMap<TaskId, number> {
  const keys = new Map<TaskId, string>();
  const members = new Map<string, number>();
  for (const planned of toRun) {
    const key = fusionKey(planned);
    if (key === null) continue;
    keys.set(planned.task.id, key);
    members.set(key, (members.get(key) ?? 0) + 1);
  }
  return new Map([...keys].map(([id, key]) => [id, members.get(key) ?? 1]));
}

function predictTask(planned: PlannedTask, known: Known): TaskPrediction | Unpredicted {
  const { task, op, question } = planned;
  if (question === null) return "files not read";
  const history = known.histories.get(op.signature.name);
  const ofQuestion = known.asked.get(question.fingerprint);
  if (history === undefined || (history.tasks.length === 0 && ofQuestion === undefined)) {
    return history?.isElsewhere === true ? "another machine" : "no past run";
  }
  const images = known.rows.get(task.id) ?? null;
  if (op.shape === "per example" && images === null) return "images not counted";
  const members = known.calls.get(task.id) ?? 1;
  const rows = images?.made ?? null;
  const sizes = { members, rows: rows === null ? null : Math.max(rows, 1), inputBytes: inputBytesOf(planned, known) };
  const estimate = ofQuestion === undefined ? estimateOnce(planned, sizes, known) : ofBest(planned, sizes, ofQuestion);
  if (estimate === null) return "no past run";
  known.outputBytes.set(task.id, estimate.outputBytes * (images?.total ?? 1));
  const alike = images === null ? known.predictions.get(estimate) : undefined;
  if (alike !== undefined) return alike;
  const prediction = {
    seconds: estimate.seconds * (rows ?? 1),
    bytes: estimate.storedBytes * (rows ?? 1),
    basis: estimate.basis,
    peakBytes: estimate.peakBytes,
    isSpread: isSpread(op, members),
    isAssumed: images?.isAssumed ?? false,
    isBeyond: (sizes.inputBytes ?? 0) > 2 * (known.largestInputs.get(op.signature.name) ?? 0),
  };
  known.predictions.set(estimate, prediction);
  return prediction;
}

/** Bytes of all that the task will be handed; null where that is not known of all of it. */
function inputBytesOf({ task, op }: PlannedTask, known: Known): number | null {
  // The examples of a per-example op stay with the coordinator.
  const leftOut = op.shape === "per example" ? examplesInput(op) : null;
  let bytes = 0;
  for (const [name, id] of Object.entries(task.inputs)) {
    if (name === leftOut) continue;
    const input = known.outputBytes.get(id);
    if (input === undefined) return null;
    bytes += input;
  }
  return bytes;
}

function estimateOnce(planned: PlannedTask, sizes: TaskSizes, known: Known): CostEstimate | null {
  const { op, question, task } = planned;
  const settled =
    op.shape === "per example" ? rowInputs(op).map((name) => known.byId.get(task.inputs[name] ?? "")?.question) : [];
  const key = [
    question!.contentRecipe,
    ...settled.map((input) => input?.fingerprint ?? ""),
    ...[sizes.members, rounded(sizes.inputBytes), rounded(sizes.rows)],
  ].join(" ");
  let estimate = known.estimates.get(key);
  if (estimate === undefined) {
    const tasks = known.histories.get(op.signature.name)?.tasks ?? [];
    known.estimates.set(key, (estimate = ofBest(planned, sizes, tasks)));
  }
  return estimate;
}

function ofBest({ op, question }: PlannedTask, sizes: TaskSizes, history: readonly PastTask[]): CostEstimate | null {
  return estimateCost(traitsOf(question!.fingerprint, question!.text, { op, sizes }), history);
}

/** Sizes within some 5% of each other are estimated alike. */
function rounded(size: number | null): number {
  return size === null ? -1 : Math.round(Math.log1p(size) * 20);
}
