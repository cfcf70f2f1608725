import type { CheckedAxis, CheckedProgram } from "../3-check/checked-program.ts";
import type { ExampleSelection, ParamValue, Role } from "../signature/signature.ts";
import { canonicalJson } from "../text/canonical-json.ts";
import { dependsOnSeed, labelAt, type Trial } from "./trials.ts";
import type { WiredOp } from "./wiring.ts";

/** What a task is about, in the program's own names. */
export interface TaskSubject {
  /** The op, the declarations that it depends on (head, backbone, dataset) and its values on axes with several. */
  readonly text: string;
  /**
   * Its values on parameter and seed axes with one value, and what `where` sets: shown only where they tell two tasks
   * apart, so that editing one in place changes no label.
   */
  readonly fixed: readonly string[];
  readonly split: ExampleSelection | null;
}

export function describeTask(
  request: { readonly trial: Trial; readonly op: WiredOp; readonly split: ExampleSelection },
  program: CheckedProgram,
): TaskSubject {
  const { trial, op, split } = request;
  let text = op.signature.name;
  for (const role of labelRoles) {
    const declaration = op.roles.has(role) ? program.declarations[trial.declarations[role] ?? -1] : undefined;
    if (declaration !== undefined) text += ` · ${declaration.label}`;
  }
  const fixed: string[] = [];
  trial.sweep.axes.forEach((axis, position) => {
    const label = labelAt(trial, position);
    if (label === null || !dependsOnAxis(op, axis, trial) || isOverridden(axis, position, trial)) return;
    const value = `${axis.name}=${String(label)}`;
    if (axis.values.length > 1) text += ` · ${value}`;
    else fixed.push(value);
  });
  for (const [name, { value }] of trial.stage.point) {
    if (op.settable.has(name)) text += ` · ${name.slice(name.indexOf(".") + 1)}=${valueLabel(value)}`;
  }
  for (const [name, { value }] of trial.settings) {
    if (name.startsWith("metric.") && op.settable.has(name)) {
      text += ` · ${name.slice("metric.".length)}=${valueLabel(value)}`;
    }
  }
  if (!op.usesSplit && op.roles.has("head") && trial.stage.learnsFrom.startsWith("rest")) {
    text += ` · ${trial.stage.learnsFrom}`;
  }
  if (trial.sweep.overrides.length > 0) fixed.push(...describeOverrides(op, trial));
  return { text, fixed, split: op.usesSplit ? split : null };
}

const labelRoles: readonly Role[] = ["head", "backbone", "dataset"];

function dependsOnAxis(op: WiredOp, { target, name }: CheckedAxis, trial: Trial): boolean {
  if (target.kind === "role") return false;
  if (target.kind === "preset") {
    return (trial.preset?.switches ?? []).some(({ param }) => op.settable.has(param) && trial.settings.has(param));
  }
  return target.kind === "seed" ? trial.seed !== null && dependsOnSeed(op, trial) : op.settable.has(name);
}

/** Whether the search sets something else for its fits than the axis says. */
function isOverridden({ name, values }: CheckedAxis, position: number, trial: Trial): boolean {
  const setting = trial.settings.get(name);
  const value = values[trial.choice[position] ?? -1];
  return setting !== undefined && value?.kind === "setting" && setting.value !== value.value;
}

/** What `where` sets for the trial and the op depends on. */
function describeOverrides(op: WiredOp, trial: Trial): readonly string[] {
  const axes = trial.sweep.axes.filter((_, position) => labelAt(trial, position) !== null);
  const shown = new Set([...axes.map(({ name }) => name), ...trial.stage.point.map(([name]) => name)]);
  const settings = [...trial.settings].filter(([name]) => op.settable.has(name) && !shown.has(name));
  return settings.map(([name, { value }]) => `${name}=${valueLabel(value)}`);
}

function valueLabel(value: ParamValue): string {
  return typeof value === "string" ? value : canonicalJson(value);
}

/**
 * The labels of the tasks, e.g. `auroc · knn11 · deit · pneumonia · test`, each unlike all others: where two would be
 * equal they also name axes of one value and overrides, and where that does not help they are numbered.
 */
export function labelTasks(subjects: readonly TaskSubject[]): readonly string[] {
  const short = subjects.map((subject) => joinLabel(subject, false));
  const shortCounts = countEach(short);
  const long = subjects.map((subject, position) => {
    const label = short[position] ?? "";
    return (shortCounts.get(label) ?? 0) > 1 ? joinLabel(subject, true) : label;
  });
  const taken = new Set<string>();
  return long.map((label) => {
    let unique = label;
    for (let number = 2; taken.has(unique); number += 1) unique = `${label} (${String(number)})`;
    taken.add(unique);
    return unique;
  });
}

function joinLabel({ text, fixed, split }: TaskSubject, withFixed: boolean): string {
  const whole = withFixed ? [text, ...fixed].join(" · ") : text;
  return split === null ? whole : `${whole} · ${split}`;
}

function countEach(labels: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}
