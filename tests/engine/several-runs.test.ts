import { afterEach, beforeEach, expect, it } from "vitest";
import type { RunEvent } from "@exp-lab/runner";
import { createBench, program, type Bench } from "./run-program.ts";

let bench: Bench;
beforeEach(() => {
  bench = createBench();
});
afterEach(() => {
  bench.close();
});

type Claim = Parameters<Bench["store"]["claimWork"]>[0];
type Holder = Claim["holder"];

const otherRun: Holder = { id: "other", host: "another-host", pid: 7, processStart: null };

/** What another run would claim: all that the program's plan has to run. */
async function claimOfAnother(holder: Holder): Promise<Claim> {
  const { tasks } = await bench.plan(program);
  const keys = tasks.flatMap(({ question }) => (question === null ? [] : [question.fingerprint]));
  return { keys, holder, now: Date.now(), milliseconds: 60_000, isGone: () => false };
}

it("two runs at once compute everything once, and give the same table", async () => {
  const [first, second] = await Promise.all([bench.run(program), bench.run(program)]);
  expect(first.text).toBe(second.text);
  const computed = first.summary.computed + second.summary.computed;
  expect(computed).toBe(first.summary.tasks);
  expect(first.summary.cached + second.summary.cached).toBe(first.summary.tasks);
  expect(first.summary.forwardPasses + second.summary.forwardPasses).toBe(20);
  expect([...bench.counts.calls.values()].reduce((sum, count) => sum + count, 0)).toBe(computed);
});

it("waits for what another run computes, says so, and computes it where that ends without an answer", async () => {
  const claimed = bench.store.claimWork(await claimOfAnother(otherRun));
  const events: RunEvent[] = [];
  const run = bench.run(program, undefined, (event) => events.push(event));
  await heard(events, "task.waiting");
  expect(events.find((event) => event.event === "task.waiting")).toMatchObject({ host: "another-host", pid: 7 });
  expect(bench.counts.calls.size).toBe(0);

  bench.store.releaseWork([...claimed.values()].flatMap((work) => (work.state === "ours" ? [work.lease] : [])));
  expect((await run).summary).toMatchObject({ failed: 0, forwardPasses: 20 });
});

it("takes over at once what a run had claimed whose process is gone", async () => {
  const { hostname } = await import("node:os");
  // No process has a number as high as this.
  bench.store.claimWork(await claimOfAnother({ ...otherRun, host: hostname(), pid: 2 ** 30 }));
  const events: string[] = [];
  const { summary } = await bench.run(program, undefined, ({ event }) => events.push(event));
  expect(summary).toMatchObject({ failed: 0, forwardPasses: 20 });
  expect(events).not.toContain("task.waiting");
});

it("stops waiting when it is stopped", async () => {
  bench.store.claimWork(await claimOfAnother(otherRun));
  const controller = new AbortController();
  const events: RunEvent[] = [];
  const run = bench.run(program, controller.signal, (event) => events.push(event));
  await heard(events, "task.waiting");
  controller.abort();
  const { summary } = await run;
  expect(summary).toMatchObject({ computed: 0, cancelled: summary.tasks });
});

it("leaves no lease behind", async () => {
  await bench.run(program);
  expect(bench.store.findHeldWork(await claimOfAnother(otherRun)).size).toBe(0);
});

async function heard(events: readonly RunEvent[], name: RunEvent["event"]): Promise<void> {
  await expect.poll(() => events.map(({ event }) => event), { timeout: 10_000 }).toContain(name);
}
