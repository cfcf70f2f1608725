import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createWorkerExecutor, Handover, type Executor } from "@exp-lab/runner";

let folder: string;
let executor: Executor;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "exp-lost-"));
  const registry = new URL("lost-ops.mjs", import.meta.url).href;
  executor = createWorkerExecutor({ jobs: 1, registry, handover: new Handover(folder) });
});
afterEach(async () => {
  await executor.close();
  rmSync(folder, { recursive: true });
});

const hooks = { signal: new AbortController().signal, onProgress: () => undefined };
const examples = [{ id: "one", digest: "0".repeat(64), locator: "one", group: null }];
type Extractor = Extract<Awaited<ReturnType<Executor["open"]>>, { ok: true }>["extractor"];

function callOf(op: string) {
  return { op, params: {}, inputs: {}, fileDigests: {}, pseudonymKey: new Uint8Array(32) };
}

async function open(isRetry: boolean): Promise<Extractor> {
  const opened = await executor.open(callOf("rows"), { ...hooks, isRetry });
  if (!opened.ok) throw new Error(opened.failure.message);
  return opened.extractor;
}

/** How its call ended. */
async function crash(isRetry: boolean): Promise<string> {
  const [answer] = await executor.call(callOf("crash"), { ...hooks, isRetry });
  return answer?.ok === false ? answer.failure.code : "ok";
}

async function countLiving(extractors: readonly Extractor[]): Promise<number> {
  const answers = await Promise.all(extractors.map((extractor) => extractor.extract(examples)));
  return answers.filter(({ ok }) => ok).length;
}

it("what crashes once more takes nothing along, and nothing takes along what is tried again", async () => {
  // So that no worker is idle: what crashes has to share one.
  const shared = await Promise.all(Array.from({ length: Math.min(8, availableParallelism()) }, () => open(false)));
  expect(await countLiving(shared)).toBe(shared.length);
  expect(await crash(false)).toBe("worker-lost");
  expect(await countLiving(shared)).toBe(shared.length - 1);
  expect(await crash(true)).toBe("worker-lost");
  expect(await countLiving(shared)).toBe(shared.length - 1);

  const retried = await open(true);
  for (const _ of shared) expect(await crash(false)).toBe("worker-lost");
  expect(await countLiving([retried])).toBe(1);
  await retried.close();
  expect(await countLiving([retried])).toBe(0);
});
