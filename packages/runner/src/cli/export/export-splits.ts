import { imageLabels, type ExampleSet } from "@exp-lab/ops";
import type { PlannedTask } from "../../1-plan/plan.ts";
import type { Store } from "../../store/store.ts";
import { readExamples, splitOf } from "./stored-tasks.ts";

export interface ExportSplitsOptions {
  readonly tasks: readonly PlannedTask[];
  readonly store: Store;
  readonly hasIds: boolean;
}

/** Comma-separated tables of the examples of each data set and draw, each under a label. */
export function* exportSplits({ tasks, store, hasIds }: ExportSplitsOptions): Generator<{
  readonly label: string;
  readonly content: string;
}> {
  for (const group of groupByDraw(tasks)) {
    const rows = group.flatMap((planned) => rowsOf(planned, readExamples(planned, store), hasIds));
    const header = headerOf(readExamples(group[0]!, store), hasIds);
    yield {
      label: labelOf(group[0]!),
      content: [header, ...rows].map((row) => `${row.map(cell).join(",")}\n`).join(""),
    };
  }
}

/** Parameters of the op that makes splits which tell a few-shot set from another one. */
const drawParams = ["shots", "draw"] as const;

/** Tasks that differ in their split alone. What a split does not know (a test split has no shots) is a group of its own. */
function groupByDraw(tasks: readonly PlannedTask[]): readonly (readonly PlannedTask[])[] {
  const groups = new Map<string, PlannedTask[]>();
  for (const planned of tasks) {
    const { split: _, ...params } = planned.task.params;
    const key = JSON.stringify([planned.task.inputs, drawParams.map((name) => params[name] ?? null)]);
    const group = groups.get(key) ?? [];
    group.push(planned);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** The data set by its name in the program, and the draw: `pneumonia · shots=4 · draw=0`. */
function labelOf({ task }: PlannedTask): string {
  const [, dataset = task.op] = task.label.split(" · ");
  const draw = drawParams.flatMap((name) => {
    const value = numberAt(task, name);
    return value === "" ? [] : [`${name}=${value}`];
  });
  return [dataset, ...draw].join(" · ");
}

/** Empty where it means nothing to the split. */
function numberAt({ params }: PlannedTask["task"], name: string): string {
  const value = params[name];
  return typeof value === "number" ? String(value) : "";
}

function headerOf({ problem, classNames }: ExampleSet, hasIds: boolean): readonly string[] {
  const labels = problem === "multi-label" ? classNames : ["label"];
  return ["split", ...drawParams, "digest", ...(hasIds ? ["id"] : []), ...labels];
}

/** An augmented view stands for its image, which is listed once. */
function rowsOf(planned: PlannedTask, set: ExampleSet, hasIds: boolean): readonly (readonly string[])[] {
  const { task } = planned;
  const draw = drawParams.map((name) => numberAt(task, name));
  const seen = new Set<string>();
  return set.examples.flatMap(({ id, digest, view }, row) => {
    if (view !== undefined && seen.has(view.of)) return [];
    if (view !== undefined) seen.add(view.of);
    const names = [view?.of ?? digest, ...(hasIds ? [id] : [])];
    return [[splitOf(planned), ...draw, ...names, ...labelsOf(set, row)]];
  });
}

/** The class, or for several labels 1, 0 or nothing (not known) for each class. */
function labelsOf(set: ExampleSet, row: number): readonly string[] {
  const { problem, classNames } = set;
  const own = Array.from(imageLabels(set, row));
  if (problem === "multi-label") return own.map((flag) => (flag < 0 ? "" : String(flag)));
  return own.map((label) => classNames[label] ?? String(label));
}

/** RFC 4180: what holds a comma, a quote or a line end stands in quotes. */
function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
