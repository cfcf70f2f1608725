import type { TaskId } from "@exp-lab/dsl";
import type { Plan, PlannedTask } from "../../1-plan/plan.ts";
import type { RowCount } from "../../2-execute/predict/count-rows.ts";
import type { PlanPrediction } from "../../2-execute/predict/predict-plan.ts";
import type { ComputeDevice } from "../../run-environment.ts";
import { formatBytes } from "../../4-report/bytes.ts";
import { countOf, formatCount } from "../../4-report/count.ts";
import { hangText } from "../../4-report/hanging-text.ts";
import { planLine } from "../../4-report/plan-line.ts";
import { predictionLines } from "../../4-report/prediction-lines.ts";
import { isRemembered, weightsToRead } from "../weights/fetch-needed.ts";
import { absentWeights, programWeights, sayAbsent, type NamedWeights } from "../weights/program-weights.ts";
import type { CommandDefinition, Terminal } from "../command.ts";
import { describeDevice } from "../describe-environment.ts";
import { exitCodes } from "../exit-codes.ts";
import { programName } from "../session.ts";
import { writePlanFile } from "../plan-files.ts";
import { withPlan, type PlannedProgram } from "../with-plan.ts";

/** `exp plan FILE`: what would run, what is stored; runs nothing. */
export const planCommand: CommandDefinition = {
  name: "plan",
  summary: "say what is stored and what a run would do; runs nothing",
  arguments: [{ name: "file", summary: "the program" }],
  options: [
    { flags: "--detailed-exitcode", summary: "exit 3 where there is work to do" },
    { flags: "--out <file>", summary: "write the plan to NAME.plan, for `exp run NAME.plan`" },
  ],
  run: ({ arguments: [file = ""], options }, terminal) => {
    const { out } = options.own;
    // What is written down hangs on what is in the files: all of them are read.
    const hashing = typeof out === "string" ? { hashBudget: Number.POSITIVE_INFINITY } : {};
    return withPlan({ file, options, terminal, isLocked: true, ...hashing }, async ({ graph, plan, store }) => {
      if (typeof out === "string") writePlanFile(out, plan, { program: file, options, terminal });
      const predicted = await predict(plan, { store, jobs: options.jobs, device: describeDevice(options.device) });
      if (options.json) terminal.out(`${JSON.stringify(toJson(plan, predicted))}\n`);
      else {
        const absent = weightsToRead(await absentWeights(programWeights(graph.tasks)), plan, graph);
        const unknown = absent.filter((weights) => !isRemembered(weights, store)).length;
        terminal.out(toText(file, plan, { ...terminal, isVerbose: options.verbose, absent, unknown, ...predicted }));
      }
      const isDone = plan.summary.hits === plan.summary.tasks;
      return options.own["detailedExitcode"] === true && !isDone ? exitCodes.workToDo : exitCodes.done;
    });
  },
};

/** Where nothing is to run, what predicts is not even loaded. */
async function predict(
  plan: Plan,
  { store, jobs, device }: Pick<PlannedProgram, "store"> & { jobs: number; device: ComputeDevice },
): Promise<Predicted> {
  if (plan.summary.hits === plan.summary.tasks) return { tasks: plan.tasks, prediction: null, jobs, rows: new Map() };
  const { countRows, lookAhead, predictPlan } = await import("../../2-execute/predict/predict-plan.ts");
  const ahead = await lookAhead(plan, store);
  const rows = countRows(ahead.tasks, ahead.rows);
  return {
    tasks: ahead.tasks,
    prediction: predictPlan(plan, { store, device, jobs, rows }),
    jobs,
    rows,
  };
}

interface Predicted {
  /** The plan's, with the images counted of extractions whose examples can be drawn already. */
  readonly tasks: readonly PlannedTask[];
  /** Null where nothing is to run. */
  readonly prediction: PlanPrediction | null;
  readonly jobs: number;
  readonly rows: ReadonlyMap<TaskId, RowCount>;
}

function toJson({ summary }: Plan, { tasks, prediction, jobs, rows }: Predicted): unknown {
  return {
    version: 1,
    tasks: tasks.map(({ task, op, status, question, examples }) => ({
      id: task.id,
      op: task.op,
      label: task.label,
      fingerprint: question?.fingerprint ?? null,
      status,
      ...(op.shape === "per example" ? { examples } : {}),
      ...(status === "hit" ? {} : { predicted: taskPrediction(task.id, prediction) }),
      inputs: Object.values(task.inputs),
      axes: task.axes,
      origin: { file: task.origin.file, line: task.origin.line },
    })),
    summary,
    prediction: prediction === null ? null : predictionJson(prediction, { tasks, jobs, rows }),
  };
}

/** Null where the task is in no sum. */
function taskPrediction(id: TaskId, prediction: PlanPrediction | null): unknown {
  const found = prediction?.predicted.get(id);
  return found === undefined ? null : { seconds: found.seconds, bytes: Math.round(found.bytes), basis: found.basis };
}

function predictionJson(
  { seconds, bytes, secondsError, bytesError, predicted, ...rest }: PlanPrediction,
  { tasks, jobs, rows }: Pick<Plan, "tasks"> & Pick<Predicted, "jobs" | "rows">,
): unknown {
  const counted = countPasses(tasks, rows);
  return {
    ...{ seconds, bytes, forwardPasses: counted.isKnown ? counted.passes : null, jobs, tasks: predicted.size },
    error: { seconds: secondsError, bytes: bytesError },
    ...rest,
  };
}

interface Style extends Pick<Terminal, "paintOut" | "width">, Predicted {
  /** Weights that are to be downloaded. */
  readonly absent: readonly NamedWeights[];
  /** How many of them nothing is known of. */
  readonly unknown: number;
  readonly isVerbose: boolean;
}

function toText(file: string, { summary }: Plan, style: Style): string {
  const { paintOut, width, isVerbose, tasks, prediction, jobs, rows, absent, unknown } = style;
  const shown = tasks.filter(({ status }) => isVerbose || status !== "hit");
  const list = shown.map((planned) => `  ${marks[planned.status]} ${planned.task.label}${images(planned)}\n`).join("");
  const isConditional = summary.maybes > 0;
  const costs = prediction === null ? [] : predictionLines(prediction, { jobs, isConditional });
  const notes = [
    ...sayAbsent(absent, file),
    ...unhashed(summary, unknown),
    ...conditional(summary),
    ...cost(shown, rows),
    ...costs,
  ]
    .map((text) => hangText({ head: "", indent: 0, text, width }))
    .join("");
  const name = programName(file);
  const head = hangText({ head: `${paintOut.bold(name)}: `, indent: name.length + 2, text: planLine(summary), width });
  return head + list + (list !== "" && notes !== "" ? "\n" : "") + notes;
}

const marks = { hit: "·", maybe: "?", miss: "+" } as const;

function images({ op, examples, status }: PlannedTask): string {
  if (op.shape !== "per example" || status === "hit") return "";
  if (examples === null) return "  (images not counted yet)";
  const stored = examples.hit > 0 ? `, ${formatCount(examples.hit)} stored` : "";
  return `  (${countOf(examples.miss, "image")}${stored})`;
}

function unhashed(summary: Plan["summary"], unknown: number): readonly string[] {
  const { bytes } = summary.unhashed;
  // What is to be downloaded is told by its name.
  const files = Math.max(summary.unhashed.files - unknown, 0);
  if (files === 0) return [];
  const [verb, them] = files === 1 ? ["has", "it"] : ["have", "them"];
  const what = `${countOf(files, "input file")} (${formatBytes(bytes)}) ${verb} not been read yet`;
  return [`${what}; what hangs on ${them} counts as to run.`];
}

function conditional({ maybes }: Plan["summary"]): readonly string[] {
  return maybes === 0 ? [] : ["What is marked ? runs only if its inputs change."];
}

/** How many images must pass a backbone, as far as that can be known before anything runs. */
function cost(tasks: readonly PlannedTask[], rows: Predicted["rows"]): readonly string[] {
  const { extractions, passes, isKnown } = countPasses(tasks, rows);
  if (extractions.length === 0) return [];
  const atMost = extractions.some(({ status }) => status === "maybe") ? "At most " : "";
  if (isKnown) return [`${atMost}${countOf(passes, "image")} to pass through a backbone.`];
  const known = passes > 0 ? `, at least ${formatCount(passes)} so far` : "";
  return [`How many images pass through a backbone is known once the data sets have been read${known}.`];
}

interface Passes {
  readonly extractions: readonly PlannedTask[];
  readonly passes: number;
  /** Whether the images of all extractions are counted. */
  readonly isKnown: boolean;
}

/** An image that several tasks of the plan need passes once. */
function countPasses(tasks: readonly PlannedTask[], rows: Predicted["rows"]): Passes {
  const extractions = tasks.filter(({ op, status }) => op.shape === "per example" && status !== "hit");
  return {
    extractions,
    passes: extractions.reduce(
      (sum, { task, examples }) => sum + (examples === null ? 0 : (rows.get(task.id)?.made ?? examples.miss)),
      0,
    ),
    isKnown: extractions.every(({ examples }) => examples !== null),
  };
}
