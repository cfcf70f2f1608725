import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compile, renderDiagnostic, type TaskGraph } from "@exp-lab/dsl";
import type { Op } from "@exp-lab/ops";
import {
  createInProcessExecutor,
  formatTable,
  openMemoryStore,
  planGraph,
  runExperiment,
  type ExperimentOptions,
  type ExperimentResult,
  type Plan,
  type RunEvent,
  type Store,
} from "@exp-lab/runner";
import { createCountingOps, type CallCounts } from "./counting-ops.ts";

/** A folder with a data set of text lines, a store, and ops that count: what a test of the engine works with. */
export interface Bench {
  readonly folder: string;
  readonly store: Store;
  readonly ops: Map<string, Op>;
  readonly counts: CallCounts;
  /** Writes a file into the folder. */
  write(name: string, text: string): void;
  compile(program: string): TaskGraph;
  plan(program: string): Promise<Plan>;
  run(
    program: string,
    signal?: AbortSignal,
    listen?: (event: RunEvent) => void,
    name?: string,
    bounds?: Partial<
      Pick<
        ExperimentOptions,
        "onFailure" | "taskSeconds" | "executor" | "environment" | "rehash" | "memoryBytes" | "chooseDevice"
      >
    >,
  ): Promise<ExperimentResult & { text: string }>;
  close(): void;
}

export function createBench(store: Store = openMemoryStore()): Bench {
  const folder = mkdtempSync(join(tmpdir(), "exp-engine-"));
  const { ops, counts } = createCountingOps();
  const bench: Bench = {
    folder,
    store,
    ops: new Map(ops),
    counts,
    write: (name, text) => {
      writeFileSync(join(folder, name), text);
    },
    compile: (program) => compileText(program, folder, bench.ops),
    plan: (program) =>
      planGraph(bench.compile(program), {
        program: "test.exp",
        ops: bench.ops,
        libraryVersions: {},
        store,
        hashFiles: createInProcessExecutor(bench.ops).hashFiles,
        hashBudget: Number.POSITIVE_INFINITY,
        rehash: true,
        onProgress: () => undefined,
      }),
    run: async (
      program,
      signal = new AbortController().signal,
      listen = () => undefined,
      name = "test.exp",
      bounds = {},
    ) => {
      counts.calls.clear();
      counts.forwardPasses = 0;
      const result = await runExperiment({
        program: name,
        graph: bench.compile(program),
        ops: bench.ops,
        libraryVersions: {},
        store,
        executor: createInProcessExecutor(bench.ops),
        reporter: { report: listen, close: () => undefined },
        signal,
        rehash: true,
        environment: {},
        ...bounds,
      });
      return { ...result, text: result.tables.map((table) => formatTable(table, "text")).join("\n") };
    },
    close: () => {
      store.close();
      rmSync(folder, { recursive: true });
    },
  };
  bench.write("points.txt", points);
  return bench;
}

function compileText(program: string, folder: string, ops: ReadonlyMap<string, Op>): TaskGraph {
  const entry = join(folder, "test.exp");
  const result = compile({
    entry,
    readSource: (path) => (path === entry ? program : null),
    signatures: [...ops.values()].map((op) => op.signature),
    environment: {},
    settings: {},
  });
  if (result.graph === null) {
    throw new Error(result.diagnostics.map((found) => renderDiagnostic(found, result.sources)).join("\n\n"));
  }
  return result.graph;
}

/** Two classes that overlap a little, 12 examples to train on and 8 to test on. */
const points = [
  "train 0 0.0 1.0",
  "train 0 0.2 1.1",
  "train 0 0.1 0.8",
  "train 0 0.4 0.9",
  "train 0 0.9 0.6",
  "train 0 0.3 1.3",
  "train 1 1.0 0.1",
  "train 1 1.2 0.2",
  "train 1 0.9 0.3",
  "train 1 1.1 -0.1",
  "train 1 0.4 0.5",
  "train 1 1.3 0.4",
  "val 0 0.15 0.95",
  "val 1 1.15 0.15",
  "test 0 0.05 1.2",
  "test 0 0.35 0.7",
  "test 0 0.8 0.5",
  "test 0 0.25 1.05",
  "test 1 1.05 0.25",
  "test 1 0.7 0.6",
  "test 1 1.25 0.05",
  "test 1 0.95 0.35",
].join("\n");

export const program = `exp 1
dataset points = lines { file: "points.txt" }
backbone one = scale { factor: 1 }
head near = knn { k: 3 }
head logit = logistic { c: 1 }
sweep all {
  dataset: points
  backbone: [one]
  head: [near, logit]
}
table "All" {
  from: all
  rows: backbone, head
  cells: test.auroc
}
`;
