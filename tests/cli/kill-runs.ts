import { rmSync } from "node:fs";
import { join } from "node:path";
import { randomFrom } from "../random/random-from.ts";
import type { Workplace } from "./command-line.ts";

export interface KillOptions {
  readonly place: Workplace;
  /** How many times a run is killed. */
  readonly kills: number;
  readonly seed: number;
  /** How many are killed side by side, each on a store of its own. */
  readonly lanes: number;
  readonly say?: (text: string) => void;
}

/** What went wrong over all kills; nothing should have. */
export interface KillReport {
  /** Runs that were killed before their end; the others were faster than their kill. */
  readonly killed: number;
  /** Kills after which `exp cache verify` found something. */
  readonly corrupt: number;
  /** Runs that ended by themselves without success, said something was wrong, or waited without end. */
  readonly unlocks: number;
  /** The most that one kill lost of what was computed, in shards of rows. */
  readonly lostShards: number;
  /** Tables of stores that were killed on and then completed that differ from the undisturbed one in any byte. */
  readonly differentTables: number;
  /** How many tables were compared. */
  readonly tables: number;
  /** One line for each thing that was wrong: which kill, after how long, and what. */
  readonly findings: readonly string[];
}

/**
 * Kills the real command line (SIGKILL) at moments from a seed, again and again on the same store until a run is faster than its
 * kill, and looks after each kill at what is left.
 */
export async function killRuns({ place, kills, seed, lanes, say }: KillOptions): Promise<KillReport> {
  place.write(programName, killedProgram);
  const whole = await place.exp(...runArguments("undisturbed"));
  if (whole.exitCode !== 0) throw new Error(`The program does not even run undisturbed:\n${whole.err}`);
  const found: Findings = { killed: 0, corrupt: 0, unlocks: 0, lostShards: 0, tables: 0, different: 0, lines: [] };
  const random = randomFrom(seed);
  const moments = Array.from({ length: kills }, (_, number) => ({ number, after: 150 + random() * longestMs }));
  const next = (): Moment | undefined => {
    if (moments.length > 0 && moments.length % 100 === 0) say?.(`${String(moments.length)} kills to go`);
    return moments.shift();
  };
  await Promise.all(
    Array.from({ length: lanes }, (_, lane) => killInLane({ place, lane, next, table: whole.out, found })),
  );
  const { killed, corrupt, unlocks, lostShards, tables, different, lines } = found;
  return { killed, corrupt, unlocks, lostShards, tables, differentTables: different, findings: lines };
}

const programName = "killed.exp";
/** About as long as an undisturbed run on an idle machine takes. */
const longestMs = 3000;
/** A run that takes longer than this waits for something that will not come. */
const patienceMs = 120_000;

/** Several shards of rows for each of two backbones, and a search, so that there are moments of every kind. */
const killedProgram = `exp 1
dataset drawn = phantoms { train: 600  val: 100  test: 300  size: 16 }
backbone wide = vit {
  weights: random(1)  image_size: 16  patch_size: 16  width: 384  depth: 5  heads: 2  mlp_ratio: 0.25
}
backbone other = wide { weights: random(2) }
head near = knn { k: 5 }
head tuned = linear { epochs: 3  search { over { lr: [0.01, 0.1, 0.4] }  select: max val.auroc } }
sweep all { dataset: drawn  backbone: [wide, other]  head: [near, tuned] }
table "Killed" { from: all  rows: backbone, head  cells: test.auroc, test.accuracy }
`;
/** A shard is written at 2 MiB; a row is five class tokens and a mean of 384 numbers each. */
const rowsOfShard = Math.ceil((2 << 20) / (6 * 384 * Float32Array.BYTES_PER_ELEMENT));

function runArguments(store: string, ...more: readonly string[]): readonly string[] {
  return ["run", programName, "--store", store, "--quiet", ...more];
}

interface Moment {
  readonly number: number;
  /** Milliseconds after the start of the process. */
  readonly after: number;
}

interface Findings {
  killed: number;
  corrupt: number;
  unlocks: number;
  lostShards: number;
  tables: number;
  different: number;
  readonly lines: string[];
}

interface Lane {
  readonly place: Workplace;
  readonly lane: number;
  readonly next: () => Moment | undefined;
  /** What an undisturbed run prints. */
  readonly table: string;
  readonly found: Findings;
}

/** One store after the other, each killed on until a run is through; the last one is let through. */
async function killInLane({ place, lane, next, table, found }: Lane): Promise<void> {
  for (let count = 0; ; count += 1) {
    const store = `store${String(lane)}-${String(count)}`;
    const isLast = !(await killUntilThrough({ place, store, next, found }));
    const last = await place.start(runArguments(store), () => undefined, patienceMs);
    found.tables += 1;
    if (last.exitCode !== 0 || last.err !== "") {
      found.unlocks += 1;
      found.lines.push(`The run that completes ${store} ended with ${String(last.exitCode)}: ${last.err}`);
    } else if (last.out !== table) {
      found.different += 1;
      found.lines.push(`The table of ${store} is another one:\n${last.out}`);
    }
    rmSync(join(place.folder, store), { recursive: true, force: true });
    if (isLast) return;
  }
}

interface Killing {
  readonly place: Workplace;
  readonly store: string;
  readonly next: () => Moment | undefined;
  readonly found: Findings;
}

/** False where there is no moment left to kill at. */
async function killUntilThrough({ place, store, next, found }: Killing): Promise<boolean> {
  let stored = 0;
  for (let moment = next(); moment !== undefined; moment = next()) {
    const run = await place.start(runArguments(store, "--json"), () => undefined, moment.after);
    const which = `kill ${String(moment.number)} on ${store} after ${moment.after.toFixed(0)} ms`;
    if (run.err !== "" || (run.exitCode !== null && run.exitCode !== 0)) {
      found.unlocks += 1;
      found.lines.push(`${which}: ended with ${String(run.exitCode)}: ${run.err}`);
    }
    if (run.exitCode !== null) return true;
    found.killed += 1;
    const checked = await place.exp("cache", "verify", "--store", store, "--json", "--quiet");
    if (checked.exitCode !== 0) {
      found.corrupt += 1;
      found.lines.push(`${which}: ${checked.out}${checked.err}`);
    }
    const rows = storedRows(checked.out);
    const lost = Math.ceil((computedRows(run.out) - (rows - stored)) / rowsOfShard);
    if (lost > 1) found.lines.push(`${which}: ${String(lost)} shards of rows that were computed are not stored`);
    found.lostShards = Math.max(found.lostShards, lost);
    stored = rows;
  }
  return false;
}

function storedRows(verified: string): number {
  const { checked } = JSON.parse(verified) as { readonly checked: Readonly<Record<string, number>> };
  return checked["feature_row"] ?? 0;
}

/** The images that the run said had passed through a backbone. */
function computedRows(lines: string): number {
  const done = new Map<string, number>();
  // The last line may be cut off.
  for (const line of lines.split("\n").slice(0, -1)) {
    const event = JSON.parse(line) as { readonly event: string; readonly task?: string; readonly done?: number };
    const { task = "", done: count = 0 } = event;
    if (event.event === "task.progress" && task.startsWith("extract:")) done.set(task, count);
  }
  return [...done.values()].reduce((sum, count) => sum + count, 0);
}
