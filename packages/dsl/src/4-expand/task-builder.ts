import type { CheckedProgram, Setting } from "../3-check/checked-program.ts";
import { missingParam } from "../diagnostics/catalog-table.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { ExampleSelection, IdleCase, OpSignature, ParamValue } from "../signature/signature.ts";
import { canonicalJson } from "../text/canonical-json.ts";
import type { Span } from "../text/source.ts";
import { opParamsOf } from "./op-params.ts";
import { axesOfTrial, commonAxes, type TaskAxes } from "./task-axes.ts";
import { createTaskIds } from "./task-id.ts";
import { describeTask, type TaskSubject } from "./task-label.ts";
import { dependsOnSeed, type Trial } from "./trials.ts";
import { valueInTrial } from "./value-in-trial.ts";
import type { WiredOp } from "./wiring.ts";

/** A task while the graph grows. Inputs are positions in the builder's list, always lower than the task's own. */
export interface DraftTask {
  readonly id: string;
  readonly op: string;
  readonly params: Readonly<Record<string, ParamValue>>;
  readonly paramSpans: Readonly<Record<string, Span>>;
  readonly inputs: Readonly<Record<string, number>>;
  readonly subject: TaskSubject;
  readonly span: Span;
  /** The axis values that all trials agree on which ask for this very task; null while none asks. */
  axes: TaskAxes | null;
}

/** Asks for tasks trial by trial; equal tasks are made once. */
export interface TaskBuilder {
  /** The position of the task that a cell asks for; the task is marked with the trial's axes. */
  readonly request: (request: Request) => number;
  /** The position of a task on the way to one that a cell asks for. */
  readonly find: (request: Request) => number;
  /** The same for a task whose inputs are chosen by the caller instead of wired by kind. */
  readonly place: (request: Request, inputs: Readonly<Record<string, number>>) => number;
  /** Inputs before the tasks that take them. */
  readonly tasks: readonly DraftTask[];
}

/** What a task is to answer: `op` for a trial on a split. */
export interface Request {
  readonly trial: Trial;
  readonly op: WiredOp;
  readonly split: ExampleSelection;
  /** The cell, or the search, that wants it. */
  readonly asker: Span;
  /** The op's parameters that only wiring sets. */
  readonly given?: Readonly<Record<string, ParamValue>>;
  /** What the task is about, where that is no trial. */
  readonly subject?: TaskSubject;
}

export function createTaskBuilder(program: CheckedProgram, report: (diagnostic: Diagnostic) => void): TaskBuilder {
  const tasks: DraftTask[] = [];
  const byContent = new Map<string, number>();
  const remembered = new Map<WiredOp, Map<string, number>>();
  const identify = createIdentities();
  const makeId = createTaskIds();
  const takenValue = ({ trial }: Request, name: string): ParamValue => valueInTrial(trial, name, program);

  // What a task depends on is known from its wiring, so most requests are answered without making the task again.
  const find = (request: Request): number => {
    const { op } = request;
    const answers = remembered.get(op) ?? new Map<string, number>();
    remembered.set(op, answers);
    const key = dependencyKey(request, { identify, takenValue });
    const known = answers.get(key);
    if (known !== undefined) return known;
    const position = make(request);
    answers.set(key, position);
    return position;
  };

  const make = (request: Request): number => {
    const { op, split, trial } = request;
    const { signature } = op;
    const inputs: Record<string, number> = {};
    for (const input of op.inputs) {
      // Only heads learn: where one takes the training split, a stage of its search may put something else in its place.
      const learns = signature.role === "head" && input.split === "train";
      const wanted = learns ? trial.stage.learnsFrom : (input.split ?? split);
      inputs[input.name] = find({ trial, op: input.op, split: wanted, asker: request.asker });
    }
    if (trial.stage.choice !== null && isHead(signature)) inputs["choice"] = trial.stage.choice;
    return place(request, inputs);
  };

  const place = (request: Request, inputs: Readonly<Record<string, number>>): number => {
    const { op } = request;
    const { params, spans } = fillParams(request, { program, report });
    const key = contentKey(op.signature, params, { inputs, tasks });
    const known = byContent.get(key);
    if (known !== undefined) return known;
    const declaration = declarationOf(request, program);
    const position = tasks.push({
      id: makeId(op.signature.name, key),
      op: op.signature.name,
      params,
      paramSpans: spans,
      inputs,
      subject: request.subject ?? describeTask(request, program),
      span: declaration !== null && isOfDeclaration(op.signature) ? declaration.span : request.asker,
      axes: null,
    });
    byContent.set(key, position - 1);
    return position - 1;
  };

  return {
    tasks,
    find,
    place,
    request: (request) => {
      const position = find(request);
      const task = tasks[position];
      if (task === undefined) return position;
      const axes = axesOfTrial(request.trial);
      task.axes = task.axes === null ? axes : commonAxes(task.axes, axes);
      return position;
    },
  };
}

interface TaskInputs {
  readonly inputs: Readonly<Record<string, number>>;
  readonly tasks: readonly DraftTask[];
}

/** What makes a task the same as another: its op, every parameter and every input, each in the order of their names. */
function contentKey(
  signature: OpSignature,
  params: Readonly<Record<string, ParamValue>>,
  { inputs, tasks }: TaskInputs,
): string {
  let key = signature.name;
  for (const name of opParamsOf(signature).sortedNames) key += `|${name}=${canonicalJson(params[name])}`;
  for (const name of Object.keys(inputs).sort()) key += `|${name}<${tasks[inputs[name]!]?.id ?? ""}`;
  return key;
}

function isHead({ use, role }: OpSignature): boolean {
  return use === "constructor" && role === "head";
}

/** Whether what is wrong with the task is the declaration's: of a data set that is also what is found in it, and its splits. */
function isOfDeclaration({ use, role }: OpSignature): boolean {
  return use === "constructor" || role === "dataset";
}

interface KeyOptions {
  readonly identify: (setting: Setting) => number;
  readonly takenValue: (request: Request, name: string) => ParamValue;
}

/** Everything of a trial that the op's answer depends on. */
function dependencyKey(request: Request, { identify, takenValue }: KeyOptions): string {
  const { trial, op, split, given } = request;
  let key = op.usesSplit ? split : "";
  if (given !== undefined) key += canonicalJson(given);
  for (const name of op.takes) {
    const value = takenValue(request, name);
    key += `|${name}=${typeof value === "number" ? String(value) : canonicalJson(value)}`;
  }
  if (op.roles.has("head")) key += `|${trial.stage.learnsFrom}<${String(trial.stage.choice)}`;
  for (const role of op.roles) key += `|${role}=${String(trial.declarations[role])}`;
  for (const [name, setting] of trial.settings) {
    if (op.settable.has(name)) key += `|${name}=${String(identify(setting))}`;
  }
  return trial.seed !== null && dependsOnSeed(op, trial) ? `${key}|seed=${String(identify(trial.seed))}` : key;
}

/** Numbers settings by their values, so that equal values of different sweeps count as one. */
function createIdentities(): (setting: Setting) => number {
  const bySetting = new Map<Setting, number>();
  const byValue = new Map<string, number>();
  return (setting) => {
    const known = bySetting.get(setting);
    if (known !== undefined) return known;
    const text = canonicalJson(setting.value);
    const number = byValue.get(text) ?? byValue.size;
    byValue.set(text, number);
    bySetting.set(setting, number);
    return number;
  };
}

function declarationOf({ trial, op }: Request, program: CheckedProgram) {
  const { role } = op.signature;
  const position = role === undefined ? undefined : trial.declarations[role];
  return position === undefined ? null : (program.declarations[position] ?? null);
}

interface FillOptions {
  readonly program: CheckedProgram;
  readonly report: (diagnostic: Diagnostic) => void;
}

interface FilledParams {
  readonly params: Readonly<Record<string, ParamValue>>;
  readonly spans: Readonly<Record<string, Span>>;
}

/** Every parameter of the op: what an axis or `where` sets, else what the declaration writes, else the default. */
function fillParams(request: Request, { program, report }: FillOptions): FilledParams {
  const { trial, op, split, asker } = request;
  const { signature } = op;
  const declaration = declarationOf(request, program);
  const params: Record<string, ParamValue> = {};
  const spans: Record<string, Span> = {};
  for (const { name, setting: settingName, spec, isSeeded, fallback } of opParamsOf(signature).params) {
    const set = trial.settings.get(settingName);
    if (spec.type === "split") {
      params[name] = split;
      continue;
    }
    if (spec.type === "wired") {
      const taken = spec.takes === undefined ? null : valueInTrial(trial, spec.takes, program);
      params[name] = request.given?.[name] ?? set?.value ?? taken;
      continue;
    }
    const written =
      declaration !== null && Object.hasOwn(declaration.settings, name) ? declaration.settings[name] : undefined;
    const setting = set ?? (isSeeded ? trial.seed : null) ?? written;
    if (setting !== undefined) {
      params[name] = setting.value;
      spans[name] = setting.span;
      continue;
    }
    if (fallback === undefined) {
      const label = declaration?.label ?? signature.name;
      report(missingParam(declaration?.span ?? asker, { label, op: signature.name, param: name }));
    }
    params[name] = fallback ?? null;
  }
  silenceIdle(params, signature);
  return { params, spans };
}

/** A parameter that means nothing beside the others' values is left out, so that tasks which differ in it alone are one. */
function silenceIdle(params: Record<string, ParamValue>, signature: OpSignature): void {
  const silent = opParamsOf(signature).idle.filter(({ cases }) => cases.some((idle) => holds(idle, params)));
  for (const { name } of silent) params[name] = null;
}

function holds(idle: IdleCase, params: Readonly<Record<string, ParamValue>>): boolean {
  return Object.entries(idle).every(([name, values]) => values.some((value) => value === (params[name] ?? null)));
}
