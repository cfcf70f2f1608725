import type { Plan, PlannedTask } from "../../1-plan/plan.ts";
import { bases, type Basis } from "./estimate-cost.ts";
import { measureError, type PredictedGroup, type PredictionError } from "./measure-error.ts";
import { predictTasks, type PredictionSource, type TaskPredictions, type Unpredicted } from "./predict-tasks.ts";
import { simulateRun } from "./simulate-run.ts";

export { countRows } from "./count-rows.ts";
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
  const counted = tasks.filter(({ task }) => predicted.has(task.id));
  const isEmpty = counted.length === 0;
  const machine = { slots: options.jobs, cores: options.device.cores };
  const past = [...histories.values()].flatMap((history) => history.tasks);
  const all = [...predicted.values()];
  return {
    predicted,
    seconds: isEmpty ? null : simulateRun(tasks, predictions, machine),
    bytes: isEmpty ? null : Math.round(all.reduce((sum, { bytes }) => sum + bytes, 0)),
    secondsError: isEmpty ? null : measureError(groupsOf(counted, predictions, "seconds"), "seconds"),
    bytesError: isEmpty ? null : measureError(groupsOf(counted, predictions, "bytes"), "storedBytes"),
    byBasis: countBases(all),
    assumed: all.filter(({ isAssumed }) => isAssumed).length,
    beyond: all.filter(({ isBeyond }) => isBeyond).length,
    history: { tasks: past.length, runs: new Set(past.map(({ run }) => run)).size },
    unpredicted: listUnpredicted(tasks, predictions),
  };
}

function finish<Result>(work: Generator<void, Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

function countBases(all: readonly { readonly basis: Basis }[]): Readonly<Record<Basis, number>> {
  const counts: Record<Basis, number> = { question: 0, recipe: 0, nearest: 0, op: 0 };
  for (const { basis } of all) counts[basis] += 1;
  return counts;
}

/** Tasks by op and basis, with the sum of what is predicted for them. */
function groupsOf(
  tasks: readonly PlannedTask[],
  { predicted, histories }: TaskPredictions,
  what: "seconds" | "bytes",
): readonly PredictedGroup[] {
  const sums = new Map<string, Map<Basis, number>>();
  for (const { task, op } of tasks) {
    const prediction = predicted.get(task.id);
    if (prediction === undefined) continue;
    const ofOp = sums.get(op.signature.name) ?? new Map<Basis, number>();
    sums.set(op.signature.name, ofOp);
    ofOp.set(prediction.basis, (ofOp.get(prediction.basis) ?? 0) + prediction[what]);
  }
  return [...sums].flatMap(([op, ofOp]) =>
    bases.flatMap((basis) => {
      const sum = ofOp.get(basis);
      return sum === undefined ? [] : [{ basis, predicted: sum, history: histories.get(op)?.tasks ?? [] }];
    }),
  );
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
