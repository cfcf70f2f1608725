import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { judge, type FigureGroup } from "../figure.ts";

interface Cost {
  readonly core: number;
  readonly kbPerSecond: number;
}

/** 500 trials: as many rows of a table, or fewer with several seeds in a cell. */
const shapes = [
  { rows: 500, seeds: 1 },
  { rows: 100, seeds: 5 },
] as const;

const seconds = 30;

/** What the live screen takes of a core and writes to the terminal, at twenty events a second. */
export const dashboardFigures: FigureGroup = {
  name: "dashboard",
  measure: ({ say }) => {
    say("dashboard: two runs of 500 trials");
    const costs = shapes.map(({ rows, seeds }) => measure(rows, seeds));
    const each = shapes.map(({ rows, seeds }, index) => {
      const { core, kbPerSecond } = costs[index]!;
      return `${String(rows)} rows of ${String(seeds)}: ${(100 * core).toFixed(1)}% and ${kbPerSecond.toFixed(1)} kB/s`;
    });
    const baseline = `one core, ${String(seconds)} s of 20 events/s on 120 x 40; the dearer of ${each.join(", ")}`;
    const core = Math.max(...costs.map((cost) => cost.core));
    const written = Math.max(...costs.map((cost) => cost.kbPerSecond));
    return Promise.resolve([
      judge({ figure: "dashboard.core_share", value: core, unit: "cores", baseline }, { atMost: 0.03 }),
      judge({ figure: "dashboard.kb_s", value: written, unit: "kB/s", baseline }, { atMost: 20 }),
    ]);
  },
};

function measure(rows: number, seeds: number): Cost {
  const script = fileURLToPath(new URL("../dashboard/replay-run.js", import.meta.url));
  const given = [rows, seeds, seconds].map(String);
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...given], { encoding: "utf8" });
  if (status !== 0) throw new Error(`Playing a run ended with ${String(status)}:\n${stderr}`);
  return JSON.parse(stdout) as Cost;
}
