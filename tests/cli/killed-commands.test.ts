import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { failPoints, openStore, type Store } from "@exp-lab/runner";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createWorkplace, type Workplace } from "./command-line.ts";
import {
  handoverProgram,
  killedFileRun,
  killedHandover,
  killedLink,
  killedNetworkRun,
  killedOthers,
  killedProgram,
  killedRuns,
  killedWeightRun,
  shardsProgram,
  succeed,
  type KilledCommand,
} from "./killed-commands.ts";
import { killedShardRun, killedShardUpkeep } from "./killed-shard-files.ts";

let place: Workplace;
beforeEach(() => {
  place = createWorkplace();
  place.write("killed.exp", killedProgram);
});
afterEach(() => {
  place.close();
});

/** Kills a command at every one of its points. After each it may say nothing but what it was; `afterKill` looks at the rest. */
async function killAtEachPoint(
  { argv, environment, points }: KilledCommand,
  afterKill: (point: string) => Promise<void> | void,
): Promise<void> {
  for (const point of points) {
    const { exitCode, err } = await place.expKilledAt(point, argv, environment);
    expect(exitCode, `${point} was not reached: ${err}`).toBe(null);
    await afterKill(point);
  }
}

async function expectSoundStore(): Promise<void> {
  const { exitCode, err } = await place.exp("cache", "verify", "--store", "store", "--quiet");
  expect(exitCode, err).toBe(0);
}

describe("a run that was killed at every one of its writes ends with the table of an undisturbed one", () => {
  let table: string;
  beforeAll(async () => {
    const undisturbed = createWorkplace();
    undisturbed.write("killed.exp", killedProgram);
    table = await succeed(undisturbed, "run", "killed.exp", "--store", "store");
    undisturbed.close();
  });

  it.each([...killedRuns, killedShardRun, killedNetworkRun])("$name", { timeout: 120_000 }, async (command) => {
    await command.prepare?.(place);
    await killAtEachPoint(command, async (point) => {
      if (command.isOnce !== true) return;
      expect(await succeed(place, ...command.argv), point).toBe(table);
      // A store made half is one that nobody commits all the same.
      expect(readFileSync(join(place.folder, "store/.gitignore"), "utf8"), point).toBe("*\n");
      rmSync(join(place.folder, "store"), { recursive: true });
    });
    expect(await succeed(place, ...command.argv)).toBe(table);
    await expectSoundStore();
  });
});

it("a run that was killed between its shards keeps those that it had stored", { timeout: 120_000 }, async () => {
  place.write("killed.exp", shardsProgram);
  const passes = async (...argv: readonly string[]): Promise<number> => {
    const events = (await succeed(place, ...argv, "--json")).trim().split("\n");
    const end = JSON.parse(events.at(-1) ?? "") as { readonly summary: { readonly forwardPasses: number } };
    return end.summary.forwardPasses;
  };
  const whole = await passes("run", "killed.exp", "--store", "undisturbed");
  const { exitCode } = await place.expKilledAt("after save rows", ["run", "killed.exp", "--store", "store"]);
  expect(exitCode).toBe(null);
  const left = await passes("run", "killed.exp", "--store", "store");
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThan(whole);
  expect(await succeed(place, "table", "killed.exp", "--store", "store")).toBe(
    await succeed(place, "table", "killed.exp", "--store", "undisturbed"),
  );
});

it("a run with worker processes leaves nothing in their folder", { timeout: 120_000 }, async () => {
  place.write("killed.exp", handoverProgram);
  const table = await succeed(place, "run", "killed.exp", "--store", "undisturbed");
  await killAtEachPoint(killedHandover, () => undefined);
  expect(await succeed(place, ...killedHandover.argv, "--workers", "processes")).toBe(table);
  expect(readdirSync(join(place.folder, "store/handover"))).toEqual([]);
});

it("a run over files, and its list written anew", { timeout: 120_000 }, async () => {
  await killedFileRun.prepare?.(place);
  const table = await succeed(place, "run", "killed.exp", "--store", "undisturbed");
  await killAtEachPoint(killedFileRun, () => undefined);
  expect(await succeed(place, ...killedFileRun.argv)).toBe(table);
  // Another text that says the same: what was computed from it is found by its bytes.
  const list = join(place.folder, "list.csv");
  writeFileSync(list, readFileSync(list, "utf8").replaceAll("\n", "\r\n"));
  await killAtEachPoint(killedLink, () => undefined);
  expect(await succeed(place, ...killedLink.argv)).toBe(table);
  await expectSoundStore();
});

it("a run with weights of the hub", { timeout: 120_000 }, async () => {
  await killedWeightRun.prepare?.(place);
  await killAtEachPoint(killedWeightRun, () => undefined);
  const run = await place.exp(...killedWeightRun.argv);
  expect(run.exitCode, run.err).toBe(4);
  const whole = await place.shell('HF_HOME=hf "$NODE" "$BIN" run killed.exp --store store');
  expect(whole.exitCode, whole.err).toBe(0);
  await expectSoundStore();
});

describe("a command that was killed at every one of its writes", () => {
  it.each([...killedOthers, ...killedShardUpkeep])("$name", { timeout: 120_000 }, async (command) => {
    const { argv, file, prepare } = command;
    const table = await succeed(place, "run", "killed.exp", "--store", "store");
    await prepare?.(place);
    const path = file === undefined ? null : join(place.folder, file);
    const before = path === null ? null : readFileSync(path);
    const states = new Set<string>();
    await killAtEachPoint(command, () => {
      if (path !== null) states.add(readFileSync(path, "latin1"));
    });
    await place.exp(...argv);
    if (path !== null) {
      // What was there, or the whole of what is there now: nothing in between was ever to be seen.
      states.delete(before?.toString("latin1") ?? "");
      states.delete(readFileSync(path, "latin1"));
      expect([...states]).toEqual([]);
      expect(existsSync(path)).toBe(true);
    }
    expect(await succeed(place, "run", "killed.exp", "--store", "store")).toBe(table);
    await expectSoundStore();
  });
});

const renewals = ["before renew leases", "in renew leases", "after renew leases"] as const;

/** Leases of a run last a minute, too long for a test to wait for their renewal. */
it.each(renewals)("a lease runs out when it was to, or was to anew: %s", (point) => {
  const folder = join(place.folder, "store");
  const script = fileURLToPath(new URL("renew-leases.mjs", import.meta.url));
  const { signal, stderr } = spawnSync(process.execPath, [script, folder, point, workKey], { encoding: "utf8" });
  expect(signal, stderr).toBe("SIGKILL");

  const store = openStore(folder);
  const holder = { id: "next", host: "here", pid: process.pid, processStart: null };
  const stateAt = (now: number): string | undefined =>
    store.claimWork({ keys: [workKey], holder, now, milliseconds: 1, isGone: () => false }).get(workKey)?.state;
  const end = point === "after renew leases" ? 2000 : 1010;
  expect(stateAt(end - 1)).toBe("held");
  expect(stateAt(end)).toBe("ours");
  store.close();
});

const workKey = "ab".repeat(32) as Parameters<Store["findAnswers"]>[0][number];

const lockRenewals = ["before renew lock", "after renew lock"] as const;

it.each(lockRenewals)("a store on a network file system is free once its process is killed: %s", (point) => {
  const folder = join(place.folder, "store");
  const script = fileURLToPath(new URL("renew-leases.mjs", import.meta.url));
  const { signal, stderr } = spawnSync(process.execPath, [script, folder, point, workKey], { encoding: "utf8" });
  expect(signal, stderr).toBe("SIGKILL");
  const store = openStore(folder, { fileSystem: { isNetwork: true, name: null } });
  store.startRun({ program: "next.exp", startedAt: new Date(), environment: "{}" });
  store.close();
});

it("every point of every write is among them", () => {
  const runs = [
    ...killedRuns,
    killedFileRun,
    killedLink,
    killedShardRun,
    killedNetworkRun,
    killedHandover,
    killedWeightRun,
  ];
  const commands = [...runs, ...killedOthers, ...killedShardUpkeep].flatMap(({ points }) => points);
  const killed = [...commands, ...renewals, ...lockRenewals];
  const reached = new Set(killed.map((point) => point.replace(/@\d+$/, "")));
  expect(failPoints.filter((point) => !reached.has(point))).toEqual([]);
});
