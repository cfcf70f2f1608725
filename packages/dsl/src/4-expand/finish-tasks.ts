import type { AxisLabel } from "../3-check/checked-program.ts";
import type { FindOrigin } from "../text/origin-finder.ts";
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
    axes: Object.fromEntries(axes[position] ?? []),
  }));
}

/**
 * The axis values that all users of each task share. Users of a task use its inputs too, so that going from the last
 * task to the first, every task is complete before it hands its axes on.
 */
function spreadAxes(drafts: readonly DraftTask[]): readonly (ReadonlyMap<string, AxisLabel> | null)[] {
  const shared = drafts.map(({ axes }) => (axes === null ? null : new Map(axes)));
  for (let position = drafts.length - 1; position >= 0; position -= 1) {
    const own = shared[position];
    if (!own) continue;
    for (const input of Object.values(drafts[position]?.inputs ?? {})) {
      const theirs = shared[input];
      if (!theirs) shared[input] = new Map(own);
      else keepEqual(theirs, own);
    }
  }
  return shared;
}

function keepEqual(kept: Map<string, AxisLabel>, other: ReadonlyMap<string, AxisLabel>): void {
  for (const [name, label] of kept) if (other.get(name) !== label) kept.delete(name);
}

function mapValues<Value, Result>(
  record: Readonly<Record<string, Value>>,
  map: (value: Value) => Result,
): Readonly<Record<string, Result>> {
  const mapped: Record<string, Result> = {};
  for (const [name, value] of Object.entries(record)) mapped[name] = map(value);
  return mapped;
}
