import { availableParallelism } from "node:os";
import { join } from "node:path";
import { createWorkplace } from "../../cli/command-line.ts";
import { killRuns, type KillReport } from "../../cli/kill-runs.ts";
import { judge, type Figure, type FigureGroup } from "../figure.ts";

const seed = 20_261_124;

/** What is left of a store whose runs are killed at random moments. */
export const killFigures: FigureGroup = {
  name: "store",
  measure: async ({ root, kills, say }) => {
    say(`store: ${String(kills)} kills, about a second each`);
    const place = createWorkplace(join(root, "packages/runner/bin/exp.js"));
    try {
      const report = await killRuns({ place, kills, seed, lanes: availableParallelism(), say });
      for (const line of report.findings) say(line);
      return toFigures(report, kills);
    } finally {
      place.close();
    }
  },
};

function toFigures(report: KillReport, kills: number): readonly Figure[] {
  const { killed, tables, corrupt, unlocks, lostShards, differentTables } = report;
  const how = `SIGKILL at ${String(kills)} moments (seed ${String(seed)}), ${String(killed)} of them before the run's end`;
  const lostText = `${how}; the most that one kill lost of the rows that were computed`;
  return [
    judge(
      {
        figure: "store.kill.corrupt",
        value: corrupt,
        unit: "kills",
        baseline: `${how}; exp cache verify after each`,
      },
      { exactly: 0 },
    ),
    judge(
      {
        figure: "store.kill.unlocks",
        value: unlocks,
        unit: "runs",
        baseline: `${how}; runs that an earlier kill kept from success, or made wait for over two minutes`,
      },
      { exactly: 0 },
    ),
    judge(
      { figure: "store.kill.lost_shards", value: lostShards, unit: "shards per kill", baseline: lostText },
      { atMost: 1 },
    ),
    judge(
      {
        figure: "store.kill.different_tables",
        value: differentTables,
        unit: "tables",
        baseline: `${how}; ${String(tables)} tables compared byte by byte with an undisturbed run's`,
      },
      { exactly: 0 },
    ),
  ];
}
