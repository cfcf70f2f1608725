import type { OpSignature, TaskGraph } from "@exp-lab/dsl";
import type { Op, SingleOp } from "@exp-lab/ops";

const signature = {
  name: "trivial",
  version: 1,
  summary: "A score that costs nothing.",
  use: "metric",
  params: { number: { type: "integer", summary: "Tells the tasks from each other." } },
  inputs: {},
  output: "score",
} as const satisfies OpSignature;

const trivial: SingleOp = {
  signature,
  shape: "single",
  deterministic: true,
  libraries: [],
  run: ({ params }) =>
    Promise.resolve({
      ...{ metric: "trivial", value: Number(params["number"]) / 1e6, nExamples: 1, nGroups: 1 },
      ...{ perClass: null, classNames: [], notes: [], epoch: null },
    }),
};

/** So many tasks that do nothing, each of them a cell of a table. */
export function trivialTasks(count: number): { readonly graph: TaskGraph; readonly ops: ReadonlyMap<string, Op> } {
  const origin = { file: "trivial.exp", line: 1, column: 1 };
  const tasks = Array.from({ length: count }, (_, number) => ({
    id: `trivial:${String(number)}`,
    op: "trivial",
    label: `trivial · ${String(number)}`,
    ...{ params: { number }, inputs: {}, axes: { number }, origin, paramOrigins: {} },
  }));
  const cells = tasks.map(({ id, axes }) => ({
    row: axes,
    column: {},
    metric: "test.trivial",
    value: { kind: "scores" as const, tasks: [id] },
  }));
  const table = { title: "Trivial", origin, rows: ["number"], columns: [], cells, best: null };
  return { graph: { tasks, tables: [table] }, ops: new Map([[signature.name, trivial]]) };
}
