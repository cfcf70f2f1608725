import { join } from "node:path";
import { judge, median, type FigureGroup } from "../figure.ts";
import { runExp, runJson } from "../run-exp.ts";

const repeats = 7;

/** How long a rerun takes in which nothing has changed: the whole process, with the table printed. */
export const rerunFigures: FigureGroup = {
  name: "rerun",
  measure: async ({ root, scratch }) => {
    const argv = [join(root, "experiments/quickstart.exp"), "--store", join(scratch, "rerun")];
    await runJson(root, argv);
    const seconds: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat += 1) seconds.push((await runExp(root, ["run", ...argv])).seconds);
    const baseline = `median of ${String(repeats)} whole processes, node start included (range ${range(seconds)})`;
    return [judge({ figure: "rerun.quickstart", value: median(seconds), unit: "s", baseline }, { atMost: 1 })];
  },
};

function range(values: readonly number[]): string {
  return `${Math.min(...values).toFixed(2)}-${Math.max(...values).toFixed(2)}`;
}
