import type { PredictionError } from "../2-execute/predict/measure-error.ts";
import type { PlanPrediction, UnpredictedTasks } from "../2-execute/predict/predict-plan.ts";
import { formatBytes } from "./bytes.ts";
import { countOf, formatCount } from "./count.ts";
import { formatDuration } from "./duration.ts";

export interface PredictionContext {
  /** Tasks that may run at once. */
  readonly jobs: number;
  /** Whether some tasks run only if their inputs change. */
  readonly isConditional: boolean;
}

/** What a plan should cost, how far such predictions are off, and what is in no sum: a sentence or two each. */
export function predictionLines(prediction: PlanPrediction, context: PredictionContext): readonly string[] {
  const { unpredicted, beyond, assumed } = prediction;
  const likeLast = `${countOf(assumed, "extraction")} counted with as many images as the last time, none of them stored.`;
  const far = `${countOf(beyond, "task")} will read over twice as much as any past one of the same op: expect more than is predicted.`;
  return [
    ...costLine(prediction, context),
    ...(assumed > 0 ? [likeLast] : []),
    ...(beyond > 0 ? [far] : []),
    ...unpredicted.map(unpredictedLine),
  ];
}

function costLine(prediction: PlanPrediction, { jobs, isConditional }: PredictionContext): readonly string[] {
  const { seconds, bytes, secondsError, bytesError, history, byBasis, predicted, unpredicted } = prediction;
  if (seconds === null || bytes === null) return [];
  const bound = unpredicted.length > 0 ? ", for what can be predicted" : "";
  const head = isConditional ? "At most about" : "About";
  const duration = seconds < 0.05 ? "Less than 0.1 s" : `${head} ${formatDuration(seconds)}`;
  const from = `${countOf(history.tasks, "task")} of ${countOf(history.runs, "past run")} on this machine`;
  const far = byBasis.nearest + byBasis.op;
  const basis =
    far === 0
      ? ""
      : `; ${formatCount(far)} of the ${formatCount(predicted.size)} tasks predicted have other settings, or inputs of another or an unknown size`;
  return [
    `${duration} with --jobs ${String(jobs)}, and ${formatBytes(bytes)} to store${bound}.`,
    `Predicted from ${from}${basis}. ${errorText(secondsError, bytesError)}`,
  ];
}

function errorText(seconds: PredictionError | null, bytes: PredictionError | null): string {
  if (seconds === null)
    return "How far off such predictions are is not known yet: there are too few runs to try them on.";
  const [atMost, tried] =
    seconds.runs === 1
      ? ["", "Tried on the tasks of one run alone, such a prediction was off"]
      : [
          "at most ",
          `Tried on each of ${formatCount(seconds.runs)} runs from the others, half of such predictions were off`,
        ];
  const size = bytes === null ? "" : `, the size by ${atMost}${formatFactor(bytes.factor)}`;
  return `${tried} by ${atMost}${formatFactor(seconds.factor)}${size}.`;
}

/** e.g. `x1.4`: too long or too short by that factor. */
function formatFactor(factor: number): string {
  return `x${factor < 9.95 ? factor.toFixed(factor < 1.095 ? 2 : 1) : factor.toFixed(0)}`;
}

function unpredictedLine({ op, reason, tasks }: UnpredictedTasks): string {
  const not = `${countOf(tasks, "task")} not counted`;
  switch (reason) {
    case "no past run":
      return `No past run of ${op} in this store: ${not}.`;
    case "another machine":
      return `Past runs of ${op} in this store were on another processor or system: ${not}.`;
    case "images not counted":
      return `How many images ${op} has to do is not known yet: ${not}.`;
    case "files not read":
      return `Files that ${op} hangs on have not been read yet: ${not}.`;
  }
  return reason satisfies never;
}
