import type { FindOrigin } from "../text/origin-finder.ts";
import { commonAxes, type TaskAxes } from "./task-axes.ts";
import type { DraftTask } from "./task-builder.ts";
import type { Task } from "./task-graph.ts";
import { labelTasks } from "./task-label.ts";

/** The tasks as the graph holds them, in the order in which they were made: inputs first. */
export function finishTasks(drafts: readonly DraftTask[], findOrigin: FindOrigin): readonly Task[] {
  const axes = spreadAxes(drafts);
  const labels = labelTasks(drafts.map((draft) => draft.subject));
  return drafts.map((draft, position) => ({
    id: draft.id,
    op: draft.op,
    label: labels[position] ?? "",
    params: draft.params,
    paramOrigins: mapValues(draft.paramSpans, findOrigin),
    inputs: mapValues(draft.inputs, (input) => drafts[input]?.id ?? ""),
    origin: findOrigin(draft.span),
    axes: axes[position] ?? {},
  }));
}

/**
 * The axis values that all users of each task share. Users of a task use its inputs too, so that going from the last
 * task to the first, every task is complete before it hands its axes on.
 */
function spreadAxes(drafts: readonly DraftTask[]): readonly (TaskAxes | null)[] {
  const shared = drafts.map(({ axes }) => axes);
  for (let position = drafts.length - 1; position >= 0; position -= 1) {
    const own = shared[position];
    if (!own) continue;
    for (const input of Object.values(drafts[position]?.inputs ?? {})) {
      const theirs = shared[input];
      shared[input] = theirs ? commonAxes(theirs, own) : own;
    }
  }
  return shared;
}

function mapValues<Value, Result>(
  record: Readonly<Record<string, Value>>,
  map: (value: Value) => Result,
): Readonly<Record<string, Result>> {
  const mapped: Record<string, Result> = {};
  for (const [name, value] of Object.entries(record)) mapped[name] = map(value);
  return mapped;
}
