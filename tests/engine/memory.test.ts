import { createHash } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import {
  createInProcessExecutor,
  openMemoryStore,
  type Executor,
  type ExperimentOptions,
  type Store,
} from "@exp-lab/runner";
import { createBench, program, type Bench } from "./run-program.ts";

type Device = NonNullable<ExperimentOptions["environment"]["device"]>;
type Fingerprint = Parameters<Store["saveRunTask"]>[0]["fingerprint"];

const device: Device = { provider: "cpu", cores: 4, cpu: "A processor", os: "linux", architecture: "x64" };
const factors = [2, 3, 4, 5, 6];
const manyBackbones = program
  .replace(
    "head near",
    `${factors.map((factor) => `backbone b${String(factor)} = scale { factor: ${String(factor)} }`).join("\n")}\nhead near`,
  )
  .replace("[one]", `[${factors.map((factor) => `b${String(factor)}`).join(", ")}]`);

const gigabyte = 1_000_000_000;
let bench: Bench;
afterEach(() => {
  bench.close();
});

it.each([
  ["as many as fit", 13, 3],
  ["one that alone needs more than there is", 2, 1],
  ["all, where there is enough", 100, 5],
])("of tasks that each held 4 GB before, there run side by side %s", async (_, gigabytes, together) => {
  bench = createBench(storeWithPeaks(4 * gigabyte));
  const watched = watch(createInProcessExecutor(bench.ops));
  const bounds = { executor: watched.executor, environment: { device }, memoryBytes: gigabytes * gigabyte };
  const { summary } = await bench.run(manyBackbones, undefined, undefined, undefined, bounds);
  expect(summary.failed).toBe(0);
  expect(watched.mostTogether()).toBe(together);
});

it("a run that is stopped leaves what waits for memory", async () => {
  bench = createBench(storeWithPeaks(4 * gigabyte));
  const stop = new AbortController();
  const watched = watch(createInProcessExecutor(bench.ops), () => {
    stop.abort();
  });
  const bounds = { executor: watched.executor, environment: { device }, memoryBytes: 5 * gigabyte };
  const { summary } = await bench.run(manyBackbones, stop.signal, undefined, undefined, bounds);
  expect(summary.failed).toBe(0);
  expect(summary.cancelled).toBeGreaterThan(5);
  expect(summary.tasks).toBe(summary.cancelled + summary.computed);
});

/** Slots for all, and how many calls of a backbone were under way at once. */
function watch(plain: Executor, onScale: () => void = () => undefined) {
  let [underWay, most] = [0, 0];
  const executor: Executor = {
    ...plain,
    slots: 8,
    call: async (call, hooks) => {
      const counts = call.op === "scale" ? 1 : 0;
      if (counts === 1) onScale();
      underWay += counts;
      most = Math.max(most, underWay);
      await setTimeout(20);
      underWay -= counts;
      return plain.call(call, hooks);
    },
  };
  return { executor, mostTogether: () => most };
}

/** A store in which a run noted the memory that a backbone held. */
function storeWithPeaks(peakBytes: number): Store {
  const store = openMemoryStore();
  const run = store.startRun({ program: "before.exp", startedAt: new Date(), environment: JSON.stringify({ device }) });
  const question = { format: 1, op: "scale", version: 1, files: {}, inputs: {}, libraries: {}, params: { factor: 9 } };
  const manifest = JSON.stringify(question);
  store.saveRunTask({
    ...{ run, slot: "before", manifest, outcome: "computed", reason: null, seconds: 1 },
    fingerprint: createHash("sha256").update(manifest).digest("hex") as Fingerprint,
    cost: {
      ...{ op: "scale", version: 1, seconds: 1, members: 1, examples: null },
      ...{ storedBytes: 8, inputBytes: 0, outputBytes: 8, peakBytes },
    },
  });
  return store;
}
