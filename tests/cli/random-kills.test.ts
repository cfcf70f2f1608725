import { afterEach, beforeEach, expect, it } from "vitest";
import { createWorkplace, type Workplace } from "./command-line.ts";
import { killRuns } from "./kill-runs.ts";

let place: Workplace;
beforeEach(() => {
  place = createWorkplace();
});
afterEach(() => {
  place.close();
});

/** The benchmark kills a thousand times. */
const kills = 30;
const seed = 20_261_124;

it(
  `killed ${String(kills)} times at moments from a seed, a run loses nothing but time`,
  { timeout: 300_000 },
  async () => {
    const { killed, tables, lostShards, ...report } = await killRuns({ place, kills, seed, lanes: 2 });
    expect(report).toEqual({ corrupt: 0, unlocks: 0, differentTables: 0, findings: [] });
    expect(lostShards).toBeLessThanOrEqual(1);
    expect(tables).toBeGreaterThan(1);
    // Kills that all came too late would prove nothing.
    expect(killed).toBeGreaterThan(kills / 2);
  },
);
