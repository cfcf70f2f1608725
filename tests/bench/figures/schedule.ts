import { join } from "node:path";
import { createInProcessExecutor, openStore, runExperiment } from "@exp-lab/runner";
import { judge, median, type FigureGroup } from "../figure.ts";
import { trivialTasks } from "../graphs/trivial-tasks.ts";

const tasks = 2000;
const repeats = 5;

/** What the engine takes for a task beside the task itself: from look-up to stored answer. */
export const scheduleFigures: FigureGroup = {
  name: "schedule",
  measure: async ({ scratch }) => {
    const milliseconds: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      milliseconds.push((await secondsToRun(join(scratch, `schedule${String(repeat)}`))) * (1000 / tasks));
    }
    const baseline = `${String(tasks)} tasks that do nothing, planned, run in process and stored in SQLite one by one; median of ${String(repeats)} cold stores (${Math.min(...milliseconds).toFixed(2)}-${Math.max(...milliseconds).toFixed(2)})`;
    return [
      judge({ figure: "schedule.overhead_ms", value: median(milliseconds), unit: "ms", baseline }, { atMost: 1 }),
    ];
  },
};

async function secondsToRun(folder: string): Promise<number> {
  const { graph, ops } = trivialTasks(tasks);
  const store = openStore(folder);
  try {
    const started = performance.now();
    const { summary } = await runExperiment({
      ...{ program: "trivial.exp", graph, ops, store, libraryVersions: {}, environment: {}, rehash: false },
      executor: createInProcessExecutor(ops),
      reporter: { report: () => undefined, close: () => undefined },
      signal: new AbortController().signal,
    });
    if (summary.computed !== tasks) throw new Error("Not every task was computed: what was timed is no run.");
    return (performance.now() - started) / 1000;
  } finally {
    store.close();
  }
}
