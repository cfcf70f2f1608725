import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Device, OpContext, PerExampleOp } from "@exp-lab/ops";
import { createWorkerExecutor, Handover, type Executor, type RunEvent } from "@exp-lab/runner";
import { createBench, program, type Bench } from "./run-program.ts";

let bench: Bench;
beforeEach(() => {
  bench = createBench();
});
afterEach(() => {
  bench.close();
});

describe("where backbones run", () => {
  it("is asked once, before anything runs, and reaches what makes rows and nothing else", async () => {
    const heard = listenToDevices(bench);
    const events: RunEvent[] = [];
    const choices = chooser("webgpu");
    await bench.run(program, undefined, (event) => events.push(event), undefined, choices.bounds);
    expect(choices.count()).toBe(1);
    expect(new Set(heard.get("extract"))).toEqual(new Set(["webgpu"]));
    expect(new Set([...heard].flatMap(([op, devices]) => (op === "extract" ? [] : devices)))).toEqual(new Set(["cpu"]));
    const names = events.map(({ event }) => event);
    expect(names.indexOf("run.device")).toBe(names.indexOf("run.planned") + 1);
    expect(events.find(({ event }) => event === "run.device")).toMatchObject({ device: "webgpu", name: "A renderer" });
  });

  it("is not asked where everything is stored, and no answer hangs on it", async () => {
    const first = await bench.run(program);
    const choices = chooser("cuda");
    const again = await bench.run(program, undefined, undefined, undefined, choices.bounds);
    expect(choices.count()).toBe(0);
    expect(again.summary).toMatchObject({ computed: 0, forwardPasses: 0 });
    expect(again.text).toBe(first.text);
  });

  it("is noted with a run once it has ended", async () => {
    const environment = { device: { provider: "cpu", cores: 2, cpu: null, os: "linux", architecture: "x64" } };
    const bounds = { ...chooser("webgpu").bounds, environment };
    await bench.run(program, undefined, undefined, undefined, bounds);
    expect(JSON.parse(bench.store.findRun(1)?.end?.summary ?? "{}")).toMatchObject({ device: "webgpu" });
  });

  it("ends the run where it cannot be had, before anything runs", async () => {
    const bounds = { chooseDevice: () => Promise.reject(new Error("no such device")) };
    await expect(bench.run(program, undefined, undefined, undefined, bounds)).rejects.toThrow("no such device");
    expect(bench.counts.calls.size).toBe(0);
  });
});

it("is a process of its own, two at most, whatever the other workers are", { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "exp-devices-"));
  const executor = createWorkerExecutor({
    jobs: 1,
    registry: new URL("device-ops.mjs", import.meta.url).href,
    deviceHandover: new Handover(folder),
  });
  try {
    expect(await placesOf(executor, "cpu")).toEqual(new Set([process.pid]));
    const places = await placesOf(executor, "webgpu");
    expect(places.size).toBe(2);
    expect(places).not.toContain(process.pid);
    // What keeps CUDA from rounding float32 has to be there when a process starts.
    if (process.platform !== "linux") return;
    expect(readFileSync(`/proc/${String([...places][0])}/environ`, "latin1")).toContain("NVIDIA_TF32_OVERRIDE=0");
  } finally {
    await executor.close();
    rmSync(folder, { recursive: true });
  }
});

/** The processes that made rows of a per-example op: see `device-ops.mjs`. */
async function placesOf(executor: Executor, device: Device): Promise<ReadonlySet<number>> {
  const call = { op: "place", params: {}, inputs: {}, fileDigests: {}, pseudonymKey: new Uint8Array(32), device };
  const opened = await executor.open(call, { signal: new AbortController().signal, onProgress: () => undefined });
  if (!opened.ok) throw new Error(opened.failure.message);
  const { extractor } = opened;
  expect(extractor.madeBy).toBe(`${device} test`);
  const places = new Set<number>();
  // A lane gets work from when it is there, and a process takes its time to start.
  const until = performance.now() + (device === "cpu" ? 0 : 20_000);
  do {
    const examples = Array.from({ length: extractor.batchesAtOnce }, (_, index) => exampleOf(String(index)));
    for (const answer of await Promise.all(examples.map((example) => extractor.extract([example])))) {
      if (!answer.ok) throw new Error(answer.failure.message);
      places.add(answer.rows.rows[0]!);
    }
  } while (places.size < 2 && performance.now() < until);
  await extractor.close();
  return places;
}

function exampleOf(name: string) {
  return { id: name, digest: name, locator: name, group: null };
}

function chooser(device: Device) {
  let count = 0;
  const chooseDevice = async () => {
    count += 1;
    return { device, name: "A renderer", passedOver: [] };
  };
  return { bounds: { chooseDevice }, count: () => count };
}

/** The devices that the ops of a bench are given, by op. */
function listenToDevices({ ops }: Bench): ReadonlyMap<string, readonly Device[]> {
  const heard = new Map<string, Device[]>();
  const note = (op: string, device: Device): void => {
    heard.set(op, [...(heard.get(op) ?? []), device]);
  };
  for (const [name, op] of ops) {
    if (op.shape === "per example") {
      const open: PerExampleOp["open"] = (context) => (note(name, context.device), op.open(context));
      ops.set(name, { ...op, open });
    } else if (op.shape === "single") {
      ops.set(name, { ...op, run: (context: OpContext) => (note(name, context.device), op.run(context)) });
    }
  }
  return heard;
}
