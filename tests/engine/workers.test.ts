import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compile } from "@exp-lab/dsl";
import { builtinOps } from "@exp-lab/ops";
import {
  createWorkerExecutor,
  formatTable,
  Handover,
  openMemoryStore,
  runExperiment,
  type ExperimentOptions,
  type RunEvent,
} from "@exp-lab/runner";
import { squareModel } from "./square-model.ts";

const program = `exp 1
dataset drawn = phantoms { train: 600, val: 2, test: 12, size: 16 }
backbone fine = vit { weights: random(1), image_size: 16, patch_size: 16, width: 512, depth: 1, heads: 2, batch_size: 300 }
head three = knn { k: 3 }
head five = knn { k: 5 }
head logit = logistic { c: 1 }
sweep all { dataset: drawn  backbone: fine  head: [three, five, logit] }
table "Heads" { from: all  rows: head  cells: test.auroc }
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "exp-workers-"));
});
afterEach(() => {
  for (const name of ["EXP_TEST_CRASH", "EXP_TEST_CRASH_ONCE", "EXP_TEST_MODEL"])
    Reflect.deleteProperty(process.env, name);
  rmSync(folder, { recursive: true });
});

type Settings = Partial<Pick<ExperimentOptions, "taskSeconds">> & {
  readonly workers?: "threads" | "processes";
  readonly jobs?: number;
};

interface Ended {
  readonly text: string;
  readonly failed: number;
  readonly failures: readonly string[];
  readonly retried: readonly string[];
  readonly peaks: ReadonlyMap<string, number | null>;
  /** What was written to hand inputs and answers over. */
  readonly handed: ReadonlySet<string>;
}

async function run({ workers = "processes", jobs = 2, taskSeconds }: Settings = {}): Promise<Ended> {
  const ops = new Map(builtinOps.map((op) => [op.signature.name, op]));
  const entry = join(folder, "test.exp");
  const { graph } = compile({
    entry,
    readSource: (path) => (path === entry ? program : null),
    signatures: builtinOps.map((op) => op.signature),
    environment: {},
    settings: {},
  });
  const store = openMemoryStore();
  const handed = new Set<string>();
  const handover = new Handover(join(folder, "handover"), (point) => handed.add(point));
  const executor = createWorkerExecutor({
    jobs,
    registry: new URL("crashing-ops.mjs", import.meta.url).href,
    grace: 200,
    ...(workers === "threads" ? {} : { handover }),
  });
  const events: RunEvent[] = [];
  try {
    const result = await runExperiment({
      ...{ program: "test.exp", graph: graph!, ops, libraryVersions: {}, store, executor },
      ...{ rehash: true, environment: {}, signal: new AbortController().signal },
      ...(taskSeconds === undefined ? {} : { taskSeconds }),
      reporter: { report: (event) => events.push(event), close: () => undefined },
    });
    const costs = ["extract", "knn", "logistic"].flatMap((op) =>
      store.findCosts({ op, tasks: 9, tasksOfRun: 9, isWanted: () => true }),
    );
    return {
      text: result.tables.map((table) => formatTable(table, "text")).join("\n"),
      failed: result.summary.failed,
      failures: [...result.outcomes.values()].flatMap((end) => (end.outcome === "failed" ? [end.failure.message] : [])),
      retried: events.flatMap((event) => (event.event === "task.retried" ? [event.cause] : [])),
      handed,
      peaks: new Map(costs.map(({ op, peakBytes }) => [op, peakBytes])),
    };
  } finally {
    await executor.close();
    store.close();
  }
}

describe("a worker process", { timeout: 60_000 }, () => {
  it("gives what a thread gives, and leaves nothing behind", async () => {
    const threads = await run({ workers: "threads" });
    const processes = await run({ jobs: 1 });
    expect(processes.failed).toBe(0);
    expect(processes.text).toBe(threads.text);
    expect([...processes.handed]).toEqual(expect.arrayContaining(["after remove input", "after remove answer"]));
    expect(readdirSync(join(folder, "handover"))).toEqual([]);
    expect([...threads.peaks.values()]).toEqual([null, null, null]);
    if (process.platform === "linux") {
      for (const peak of processes.peaks.values()) expect(peak).toBeGreaterThan(20_000_000);
    }
  });

  const ends = [
    ["SIGSEGV", "the process crashed (SIGSEGV)"],
    ["SIGKILL", "the process was killed (SIGKILL)"],
    ["abort", "the process crashed (SIGABRT)"],
    ["exit", "the process ended with code 3"],
  ] as const;
  it.each(ends)("that ends by %s fails its task, once it was tried again, and no other", async (how, said) => {
    process.env["EXP_TEST_CRASH"] = how;
    const crashed = await run();
    expect(crashed.retried).toEqual(["worker-lost"]);
    expect(crashed.failures).toEqual([expect.stringContaining(said)]);
    expect(crashed.text).toMatch(/three +\d\.\d/);
    expect(crashed.text).toMatch(/logit +\d\.\d/);
  });

  it("that crashes once is replaced, and its task tried again", async () => {
    process.env["EXP_TEST_CRASH"] = "SIGSEGV";
    process.env["EXP_TEST_CRASH_ONCE"] = join(folder, "once");
    expect(await run()).toMatchObject({ failed: 0, retried: ["worker-lost"] });
  });

  it("clears away what a killed coordinator had laid down for it, and nobody else's", () => {
    const path = join(folder, "handover");
    mkdirSync(path);
    const { pid } = spawnSync(process.execPath, ["--eval", ""]);
    const [gone, living] = [pid, process.pid].map((owner) => `${encodeURIComponent(hostname())}_${String(owner)}__1`);
    for (const name of [gone!, living!, "notes"]) writeFileSync(join(path, name), "");
    const handover = new Handover(path);
    expect(readdirSync(path).sort()).toEqual([living!, "notes"].sort());
    writeFileSync(join(path, gone!), "by a worker that crashed meanwhile");
    handover.close();
    expect(readdirSync(path).sort()).toEqual([living!, "notes"].sort());
  });
});

describe("a task that never ends", { timeout: 60_000 }, () => {
  const ways = [
    ["spin", "threads"],
    ["spin", "processes"],
    ["native", "threads"],
    ["native", "processes"],
  ] as const;
  it.each(ways)("is given up with its worker once its time is over (%s, %s)", async (how, workers) => {
    process.env["EXP_TEST_CRASH"] = how;
    process.env["EXP_TEST_MODEL"] = join(folder, "square.onnx");
    writeFileSync(join(folder, "square.onnx"), squareModel(2000));
    const ended = await run({ workers, taskSeconds: 6 });
    expect(ended.failures).toEqual(["It took longer than 6 s, the time that a task may take."]);
    expect(ended.retried).toEqual([]);
    expect(ended.text).toMatch(/three +\d\.\d/);
    expect(ended.text).toMatch(/logit +\d\.\d/);
  });
});
