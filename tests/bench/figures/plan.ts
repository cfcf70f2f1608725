import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { judge, median, type BenchContext, type Figure, type FigureGroup } from "../figure.ts";
import { manyTrials } from "../graphs/many-trials.ts";
import { runExp, runJson } from "../run-exp.ts";

const repeats = 5;

/** Planning large graphs, and a rerun of a large one in which nothing has changed. */
export const planFigures: FigureGroup = {
  name: "plan",
  measure: async (context) => {
    context.say("plan: 10,000 and 100,000 tasks");
    const small = planRepeatedly(context, { backbones: 8, values: 249 });
    const large = planRepeatedly(context, { backbones: 67, values: 298 });
    return [
      secondsFigure("plan.tasks10k_s", small, 0.5),
      secondsFigure("plan.tasks100k_s", large, 5),
      memoryFigure("plan.tasks100k_mb", large, 500),
      await rerun(context),
    ];
  },
};

interface Planned {
  readonly tasks: number;
  readonly compileSeconds: number;
  readonly planSeconds: number;
  readonly peakMb: number;
}

function planRepeatedly(
  { scratch }: BenchContext,
  { backbones, values }: { readonly backbones: number; readonly values: number },
): readonly Planned[] {
  const program = join(scratch, `many${String(backbones)}.exp`);
  writeFileSync(program, manyTrials(backbones, values));
  const script = fileURLToPath(new URL("../plan-program.js", import.meta.url));
  return Array.from({ length: repeats }, () => {
    const argv = [script, program, mkdtempSync(join(scratch, "plan-"))];
    const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: "utf8" });
    if (status !== 0) throw new Error(`Planning ended with ${String(status)}:\n${stderr}`);
    return JSON.parse(stdout) as Planned;
  });
}

function secondsFigure(figure: string, planned: readonly Planned[], atMost: number): Figure {
  const seconds = planned.map(({ planSeconds }) => planSeconds);
  const compiling = median(planned.map(({ compileSeconds }) => compileSeconds));
  const baseline = `${String(planned[0]?.tasks)} tasks against an empty store, graph to plan in a fresh process; median of ${String(repeats)} (${range(seconds)}); the text's way to a graph takes ${compiling.toFixed(2)} s before`;
  return judge({ figure, value: median(seconds), unit: "s", baseline }, { atMost });
}

function memoryFigure(figure: string, planned: readonly Planned[], atMost: number): Figure {
  const peaks = planned.map(({ peakMb }) => peakMb);
  const baseline = `maximum resident size of the process that compiles and plans; median of ${String(repeats)} (${range(peaks)})`;
  return judge({ figure, value: median(peaks), unit: "MB", baseline }, { atMost });
}

/** The whole process, with its table printed; 2,000 tasks. */
async function rerun({ root, scratch, say }: BenchContext): Promise<Figure> {
  say("plan: a rerun of 2,000 tasks");
  const program = join(scratch, "rerun2k.exp");
  writeFileSync(program, manyTrials(4, 99));
  const argv = [program, "--store", join(scratch, "rerun2k")];
  const events = await runJson(root, argv);
  const tasks = (events.at(-1)?.summary?.computed ?? 0).toFixed(0);
  const seconds: number[] = [];
  for (let repeat = 0; repeat < 2 * repeats; repeat += 1) seconds.push((await runExp(root, ["run", ...argv])).seconds);
  const baseline = `${tasks} stored tasks; median of ${String(2 * repeats)} whole processes, node start included (${range(seconds)})`;
  return judge({ figure: "plan.rerun2k_s", value: median(seconds), unit: "s", baseline }, { atMost: 0.4 });
}

function range(values: readonly number[]): string {
  return `${Math.min(...values).toFixed(2)}-${Math.max(...values).toFixed(2)}`;
}
