import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openStore, type Store } from "@exp-lab/runner";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createWorkplace, type Ended, type Workplace } from "./command-line.ts";
import { killedProgram, succeed } from "./killed-commands.ts";

/** A place whose `store` holds a whole run, and the table of it. */
let made: Workplace;
let table: string;
beforeAll(async () => {
  made = createWorkplace();
  made.write("small.exp", killedProgram);
  table = await succeed(made, ...run);
});
afterAll(() => {
  made.close();
});

let place: Workplace;
let store: string;
beforeEach(() => {
  place = createWorkplace();
  place.write("small.exp", killedProgram);
  store = join(place.folder, "store");
});
afterEach(() => {
  place.close();
});

const run = ["run", "small.exp", "--store", "store"];
const runLine = `exp ${run.join(" ")}`;

function copyStore(): string {
  cpSync(join(made.folder, "store"), store, { recursive: true });
  return join(store, "store.sqlite");
}

/** One message, with what to do. */
function expectOneError({ exitCode, err }: Ended, message: RegExp): void {
  expect(exitCode, err).toBe(4);
  expect(err).toMatch(message);
  expect(err.match(/^error: /gm), err).toHaveLength(1);
  expect(err).toMatch(/^error: .*\n {2}\S/m);
  expect(err).not.toContain("    at ");
}

/** Runs a line after these variables were set. */
function withVariables(variables: Readonly<Record<string, string>>, line: string): Promise<Ended> {
  const sets = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'; `);
  return place.shell(`${sets.join("")}${line}`);
}

/** A script that is loaded before the program. */
function preload(name: string): { readonly NODE_OPTIONS: string } {
  return { NODE_OPTIONS: `--import=${new URL(name, import.meta.url).href}` };
}

describe("a full disk", () => {
  /** Room for nothing, for the tables, and for some answers: in blocks of 512 bytes. */
  it.each([1, 200, 400, 600])("where a file may have %i blocks, nothing is lost", async (blocks) => {
    expectOneError(await place.shell(`ulimit -f ${String(blocks)}; ${runLine}`), /cannot be read or written|no space/);
    expect(await succeed(place, ...run)).toBe(table);
    await succeed(place, "cache", "verify", "--store", "store");
  });

  it.skipIf(!mayMount())("of its own file system is told by that name, and the run goes on elsewhere", async () => {
    mkdirSync(store);
    const script =
      `mount -t tmpfs -o size=600k none store && { ${runLine}; code=$?; ` + `cp -r store kept; exit $code; }`;
    expectOneError(await place.shell(inOwnMounts(script)), /There is no space left for the store/);
    expect(await succeed(place, "run", "small.exp", "--store", "kept")).toBe(table);
  });
});

it.skipIf(!mayMount())("a disk that is mounted to be read alone is told, and left as it is", async () => {
  const path = copyStore();
  const before = readFileSync(path);
  const script = `mount --bind store store && mount -o remount,bind,ro store && ${runLine}`;
  expectOneError(await place.shell(inOwnMounts(script)), /cannot be opened for writing/);
  expect(readFileSync(path).equals(before)).toBe(true);
});

describe("a clock that is set back", () => {
  const dayMs = 86_400_000;

  it("in the middle of a run changes nothing in its table", async () => {
    const variables = preload("set-clock-back.mjs");
    for (const times of ["first", "again"]) {
      const { exitCode, out, err } = await withVariables(variables, runLine);
      expect({ times, exitCode, out }, err).toEqual({ times, exitCode: 0, out: table });
    }
    await succeed(place, "cache", "verify", "--store", "store");
  });

  it("does not leave work to a run of the time before", async () => {
    const ahead = openStore(store);
    const holder = { id: "ahead", host: "elsewhere", pid: 7, processStart: null };
    const keys = await fingerprints();
    const claim = { keys, holder, now: Date.now() + dayMs, milliseconds: 60_000, isGone: () => false };
    expect(ahead.claimWork(claim).size).toBe(keys.length);
    ahead.close();
    expect(await succeed(place, ...run)).toBe(table);
  });

  it("does not leave a store on a network file system to its holder of the time before", async () => {
    copyStore();
    const holder = { id: "other", host: "elsewhere", pid: 7, processStart: null };
    const lock = join(store, "store.lock");
    writeFileSync(lock, JSON.stringify({ holder, since: "2026-02-03T04:05:06.000Z" }));
    const ahead = new Date(Date.now() + dayMs);
    utimesSync(lock, ahead, ahead);
    const { exitCode, out, err } = await withVariables({ EXP_STORE_FILESYSTEM: "network" }, runLine);
    expect({ exitCode, out }, err).toEqual({ exitCode: 0, out: table });
  });
});

it("a run whose lock another process took over ends, with what was stored", async () => {
  const lock = join(store, "store.lock");
  const variables = { EXP_STORE_FILESYSTEM: "network", LOCK: lock, ...preload("take-lock-over.mjs") };
  expectOneError(await withVariables(variables, runLine), /another one has taken over the store/);
  expect(readFileSync(lock, "utf8")).toContain("elsewhere");
  rmSync(lock);
  expect(await succeed(place, ...run)).toBe(table);
});

it("rows in files of their own are counted, read by verify, and given back by gc", async () => {
  const first = await withVariables({ EXP_SHARD_BUDGET: "0B" }, runLine);
  expect(first.out, first.err).toBe(table);
  const stats = async () =>
    JSON.parse(await succeed(place, "cache", "stats", "--json", "--store", "store")) as Record<string, number>;
  expect(await stats()).toMatchObject({ shardFiles: 1 });
  expect(await succeed(place, "cache", "stats", "--store", "store")).toMatch(/row files {2}1 {2}\d+ kB/);
  expect(await succeed(place, "cache", "verify", "--store", "store")).toContain("is whole");
  expect(await succeed(place, ...run)).toBe(table);
  place.write("other.exp", killedProgram.replace("random(1)", "random(2)"));
  await succeed(place, "run", "other.exp", "--store", "store");
  await succeed(place, "cache", "gc", "other.exp", "--yes", "--store", "store");
  expect(await stats()).toMatchObject({ shardFiles: 0, shardFileBytes: 0 });
  const wrong = await withVariables({ EXP_SHARD_BUDGET: "much" }, runLine);
  expect(wrong.exitCode).toBe(2);
  expect(wrong.err).toContain('EXP_SHARD_BUDGET takes a size, but was given "much".');
});

type WorkKeys = Parameters<Store["claimWork"]>[0]["keys"];

async function fingerprints(): Promise<WorkKeys> {
  const text = await succeed(place, "plan", "small.exp", "--store", "store", "--json");
  return (JSON.parse(text) as { tasks: { fingerprint: WorkKeys[number] }[] }).tasks.map((task) => task.fingerprint);
}

/** Whether this process may mount file systems, in a view of its own. */
function mayMount(): boolean {
  return spawnSync("unshare", ["-rm", "mount", "-t", "tmpfs", "none", "/mnt"]).status === 0;
}

/** A line of the shell that sees mounts of its own; they are gone with it. */
function inOwnMounts(script: string): string {
  return `unshare -rm sh -c 'exp() { "$NODE" "$BIN" "$@"; }; ${script}'`;
}
