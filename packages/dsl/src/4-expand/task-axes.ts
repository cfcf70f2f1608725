import type { AxisLabel } from "../3-check/checked-program.ts";
import { labelAt, type Trial } from "./trials.ts";

/** The axis values that all trials agree on which a task is made for. One object is shared by as many tasks as have those. */
export type TaskAxes = Readonly<Record<string, AxisLabel>>;

/** A trial's value on each axis of its sweep; the same object whenever it is asked for. */
export function axesOfTrial(trial: Trial): TaskAxes {
  const known = byTrial.get(trial);
  if (known !== undefined) return known;
  const axes = Object.fromEntries(trial.sweep.axes.map((axis, position) => [axis.name, labelAt(trial, position)]));
  byTrial.set(trial, axes);
  return axes;
}

const byTrial = new WeakMap<Trial, TaskAxes>();

/** What both agree on, in the order of the first. */
export function commonAxes(first: TaskAxes, second: TaskAxes): TaskAxes {
  if (first === second) return first;
  const names = Object.keys(first);
  const kept = names.filter((name) => Object.hasOwn(second, name) && second[name] === first[name]);
  if (kept.length === names.length) return first;
  return Object.fromEntries(kept.map((name) => [name, first[name] ?? null]));
}
