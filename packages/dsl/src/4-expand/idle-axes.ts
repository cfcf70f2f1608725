import type { CheckedAxis } from "../3-check/checked-program.ts";
import { axisChangesNothing } from "../diagnostics/catalog-protocol.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Trial } from "./trials.ts";

interface IdleAxesOptions {
  /** The ids of the tasks that the tables ask for on behalf of a trial. */
  readonly tasksOf: (trial: Trial) => readonly string[];
  readonly report: (diagnostic: Diagnostic) => void;
}

/**
 * Reports the axes of one sweep that change nothing: wherever two trials differ in that axis alone, the same tasks answer
 * for both. Seeds are left out (those of a deterministic head collapse), and so are sweeps that no table asks.
 */
export function reportIdleAxes(trials: readonly Trial[], { tasksOf, report }: IdleAxesOptions): void {
  const [first] = trials;
  if (first === undefined) return;
  const { sweep } = first;
  const answers = trials.map((trial) => tasksOf(trial).join(" "));
  sweep.axes.forEach((axis, position) => {
    if (axis.values.length < 2 || isSeedAxis(axis) || !isIdle(position, { trials, answers })) return;
    report(axisChangesNothing(axis.span, { name: axis.name, sweep: sweep.name, values: axis.values.length }));
  });
}

interface Answers {
  readonly trials: readonly Trial[];
  /** Per trial, all that it is answered by; empty where nothing is asked. */
  readonly answers: readonly string[];
}

/** Whether trials that differ in the axis alone exist, are asked for, and are answered alike throughout. */
function isIdle(axis: number, { trials, answers }: Answers): boolean {
  const byOthers = new Map<string, string>();
  let isCompared = false;
  for (const [index, { choice }] of trials.entries()) {
    const answer = answers[index] ?? "";
    // A trial that has no such parameter says nothing of the axis.
    if (answer === "" || (choice[axis] ?? -1) < 0) continue;
    const others = choice.map((value, position) => (position === axis ? "" : value)).join(" ");
    const known = byOthers.get(others);
    if (known !== undefined && known !== answer) return false;
    isCompared ||= known !== undefined;
    byOthers.set(others, answer);
  }
  return isCompared;
}

function isSeedAxis({ target }: CheckedAxis): boolean {
  return target.kind === "seed" || (target.kind === "param" && target.isSeed);
}
