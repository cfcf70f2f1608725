import type { Plan, PlannedTask } from "../../1-plan/plan.ts";
import type { Basis } from "./estimate-cost.ts";
import { measureError, type PredictedGroup, type PredictionError } from "./measure-error.ts";
import {
  predictTasks,
  type PredictionSource,
  type TaskPrediction,
  type TaskPredictions,
  type Unpredicted,
} from "./predict-tasks.ts";
import type { OpHistory } from "./read-past-tasks.ts";
import { simulateRun } from "./simulate-run.ts";

export { countRows } from "./count-rows.ts";
export { lookAhead } from "./look-ahead.ts";
export { predictTasks } from "./predict-tasks.ts";

/** What carrying out a plan should cost, from what past runs on this machine took. */
export interface PlanPrediction extends Pick<TaskPredictions, "predicted"> {
  /** Of wall time; null where no task has a prediction. */
  readonly seconds: number | null;
  /** Bytes to be stored; null where no task has a prediction. */
  readonly bytes: number | null;
  readonly secondsError: PredictionError | null;
  readonly bytesError: PredictionError | null;
  /** How many of the predicted tasks rest on what. */
  readonly byBasis: Readonly<Record<Basis, number>>;
  /** Extractions that are taken to have as many images as the last time, none of them stored. */
  readonly assumed: number;
  /** Tasks whose inputs are over twice as large as those of any past task of their op. */
  readonly beyond: number;
  /** What the prediction rests on. */
  readonly history: { readonly tasks: number; readonly runs: number };
  readonly unpredicted: readonly UnpredictedTasks[];
}

/** Tasks of an op that are in no sum, and why. */
export interface UnpredictedTasks {
  readonly op: string;
  readonly reason: Unpredicted;
  readonly tasks: number;
}

export interface PredictOptions extends PredictionSource {
  /** Tasks that may run at once. */
  readonly jobs: number;
}

/** Null where nothing is to run: nothing is read then. */
export function predictPlan({ tasks }: Pick<Plan, "tasks">, options: PredictOptions): PlanPrediction | null {
  if (tasks.every(({ status }) => status === "hit")) return null;
  const predictions = finish(predictTasks(tasks, options));
  const { predicted, histories } = predictions;
  const past = [...histories.values()].flatMap((history) => history.tasks);
  const rest = {
    ...{ predicted, byBasis: countBases(predicted), unpredicted: listUnpredicted(tasks, predictions) },
    assumed: countWhere(predicted, ({ isAssumed }) => isAssumed),
    beyond: countWhere(predicted, ({ isBeyond }) => isBeyond),
    history: { tasks: past.length, runs: new Set(past.map(({ run }) => run)).size },
  };
  if (predicted.size === 0) return { ...rest, seconds: null, bytes: null, secondsError: null, bytesError: null };
  const groups = groupTasks(tasks, predictions);
  return {
    ...rest,
    seconds: simulateRun(tasks, predictions, { slots: options.jobs, cores: options.device.cores }),
    bytes: Math.round(groups.reduce((sum, { bytes }) => sum + bytes, 0)),
    secondsError: measureError(
      groups.map(({ seconds, ...group }) => ({ ...group, predicted: seconds })),
      "seconds",
    ),
    bytesError: measureError(
      groups.map(({ bytes, ...group }) => ({ ...group, predicted: bytes })),
      "storedBytes",
    ),
  };
}

function finish<Result>(work: Generator<void, Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

type Predicted = TaskPredictions["predicted"];

function countBases(predicted: Predicted): Readonly<Record<Basis, number>> {
  const counts: Record<Basis, number> = { question: 0, recipe: 0, nearest: 0, op: 0 };
  for (const { basis } of predicted.values()) counts[basis] += 1;
  return counts;
}

function countWhere(predicted: Predicted, isCounted: (prediction: TaskPrediction) => boolean): number {
  let count = 0;
  for (const prediction of predicted.values()) if (isCounted(prediction)) count += 1;
  return count;
}

/** Tasks of one op whose predictions rest on the same, with what is predicted for them together. */
interface TaskGroup extends Omit<PredictedGroup, "predicted"> {
  seconds: number;
  bytes: number;
}

function groupTasks(tasks: readonly PlannedTask[], { predicted, histories }: TaskPredictions): readonly TaskGroup[] {
  const groups = new Map<OpHistory, Map<Basis, TaskGroup>>();
  for (const { task, op } of tasks) {
    const prediction = predicted.get(task.id);
    const history = histories.get(op.signature.name);
    if (prediction === undefined || history === undefined) continue;
    const { basis, seconds, bytes } = prediction;
    let ofOp = groups.get(history);
    if (ofOp === undefined) groups.set(history, (ofOp = new Map<Basis, TaskGroup>()));
    let group = ofOp.get(basis);
    if (group === undefined) ofOp.set(basis, (group = { basis, history: history.tasks, seconds: 0, bytes: 0 }));
    group.seconds += seconds;
    group.bytes += bytes;
  }
  return [...groups.values()].flatMap((ofOp) => [...ofOp.values()]);
}

function listUnpredicted(tasks: readonly PlannedTask[], { unpredicted }: TaskPredictions): readonly UnpredictedTasks[] {
  const found = new Map<string, { op: string; reason: Unpredicted; tasks: number }>();
  for (const { task, op } of tasks) {
    const reason = unpredicted.get(task.id);
    if (reason === undefined) continue;
    const { name } = op.signature;
    const key = `${name} ${reason}`;
    const entry = found.get(key) ?? { op: name, reason, tasks: 0 };
    entry.tasks += 1;
    found.set(key, entry);
  }
  return [...found.values()];
}
