import { encodeNpz } from "@exp-lab/ops";
import type { PlannedTask } from "../../1-plan/plan.ts";
import type { PlannedProgram } from "../with-plan.ts";
import { rowsToArrays } from "./rows-to-arrays.ts";
import { findExamples, splitOf } from "./stored-tasks.ts";
import type { StoredRows } from "./stored-rows.ts";

export interface ExportRowsOptions {
  readonly program: PlannedProgram;
  readonly tasks: readonly PlannedTask[];
  readonly read: (planned: PlannedTask) => StoredRows | Promise<StoredRows>;
  readonly hasIds: boolean;
  /** One file for all splits of a data set, as the constructors `features` and `predictions` take it. */
  readonly together: boolean;
}

/** NumPy archives, each under the label of what is in it, made one at a time. */
export async function* exportRows({ program, tasks, read, hasIds, together }: ExportRowsOptions): AsyncGenerator<{
  readonly label: string;
  readonly content: Uint8Array;
}> {
  const groups = together ? groupSplits(tasks) : tasks.map((task) => [task]);
  for (const group of groups) {
    const sources: StoredRows[] = [];
    for (const planned of group) sources.push(await read(planned));
    const { label } = group[0]!.task;
    const split = splitOf(findExamples(group[0]!, program.plan.tasks));
    const content = encodeNpz(rowsToArrays(sources, { hasIds, hasSplits: together }));
    yield { label: together ? withoutSplit(label, split) : label, content };
  }
}

/** Tasks that differ in the split which is asked for alone: all else that they are made of is the same. */
function groupSplits(tasks: readonly PlannedTask[]): readonly (readonly PlannedTask[])[] {
  const groups = new Map<string, PlannedTask[]>();
  for (const planned of tasks) {
    const key = keyOf(planned);
    const group = groups.get(key) ?? [];
    group.push(planned);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function keyOf({ task, op }: PlannedTask): string {
  const inputs = Object.entries(task.inputs).filter(([name]) => {
    const input = op.signature.inputs[name];
    const isOfSplit = input?.split === undefined && ["examples", "features"].includes(input?.kind ?? "");
    return !isOfSplit;
  });
  return JSON.stringify([task.op, task.params, inputs]);
}

function withoutSplit(label: string, split: string): string {
  return label.endsWith(` · ${split}`) ? label.slice(0, -` · ${split}`.length) : label;
}
