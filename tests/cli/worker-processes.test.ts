import { existsSync, readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createWorkplace, smallProgram, type Workplace } from "./command-line.ts";

let place: Workplace;
beforeEach(() => {
  place = createWorkplace();
  // Long enough to be killed in the middle of it.
  place.write("long.exp", smallProgram.replace("train: 60", "train: 600").replace("depth: 2", "depth: 6"));
});
afterEach(() => {
  place.close();
});

const run = ["run", "long.exp", "--store", "store", "--json", "--workers", "processes"];

/** The processes that a process has started; of Linux alone. */
function childrenOf(pid: number): readonly number[] {
  const text = readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, "utf8");
  return text.split(" ").filter(Boolean).map(Number);
}

describe.runIf(existsSync("/proc/self/task"))("worker processes", { timeout: 60_000 }, () => {
  it("end with their coordinator, also where that is killed", async () => {
    let workers: readonly number[] = [];
    await place.start(run, (text, child) => {
      if (workers.length > 0 || !text.includes('"event":"task.progress"')) return;
      workers = childrenOf(child.pid!);
      child.kill("SIGKILL");
    });
    expect(workers.length).toBeGreaterThan(0);
    const areGone = (): boolean => workers.every((pid) => !existsSync(`/proc/${String(pid)}`));
    for (let waited = 0; !areGone() && waited < 100; waited += 1) await setTimeout(50);
    expect(areGone()).toBe(true);
  });

  it("that are killed fail no run: their work is done again", async () => {
    let wasKilled = false;
    const { exitCode, out, err } = await place.start(run, (text, child) => {
      if (wasKilled || !text.includes('"event":"task.progress"')) return;
      wasKilled = true;
      for (const pid of childrenOf(child.pid!)) process.kill(pid, "SIGKILL");
    });
    expect(exitCode, err).toBe(0);
    expect(out).toContain('"cause":"worker-lost"');
    const plain = await place.exp("run", "long.exp", "--store", "plain");
    const table = await place.exp("table", "long.exp", "--store", "store");
    expect(plain.out).toContain(table.out.trim());
  });

  it("leave it to the coordinator what an interrupt means", async () => {
    let wasStopped = false;
    const { exitCode, out } = await place.start(run, (text, child) => {
      if (wasStopped || !text.includes('"event":"task.progress"')) return;
      wasStopped = true;
      // As the terminal does it: to all processes of the group.
      for (const pid of childrenOf(child.pid!)) process.kill(pid, "SIGINT");
      child.kill("SIGINT");
    });
    expect(exitCode).toBe(130);
    expect(out).not.toContain("worker-lost");
  });
});

it("are refused by another name, and memory by no size", async () => {
  expect((await place.exp("run", "long.exp", "--workers", "robots")).exitCode).toBe(2);
  const { exitCode, err } = await place.shell("EXP_WORKERS=robots exp run long.exp");
  expect(exitCode).toBe(2);
  expect(err).toContain('EXP_WORKERS is "robots"');
  const memory = await place.exp("run", "long.exp", "--memory", "lots");
  expect(memory.exitCode).toBe(2);
  expect(memory.err).toContain('--memory takes a size, but was given "lots".');
});
