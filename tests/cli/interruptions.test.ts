import type { ChildProcess } from "node:child_process";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createWorkplace, smallProgram, type Ended, type Workplace } from "./command-line.ts";

/** Enough images that there is a middle to be stopped in. */
const longProgram = smallProgram
  .replace("train: 60, val: 20, test: 60", "train: 400, val: 20, test: 300")
  .replace("depth: 2", "depth: 6")
  .replace("[fine]", "[fine, coarse]")
  .replace("head near", "backbone coarse = fine { patch_size: 16 }\n\nhead near");

let place: Workplace;
beforeEach(() => {
  place = createWorkplace();
  place.write("long.exp", longProgram);
});
afterEach(() => {
  place.close();
});

/** Runs `exp run` with JSON events and does something once this many of them were of the kind. */
function runUntil(event: string, count: number, act: (child: ChildProcess) => void): Promise<Ended> {
  let seen = 0;
  return place.start(["run", "long.exp", "--json", "--store", "store"], (text, child) => {
    const before = seen;
    seen += text.split(`"event":"${event}"`).length - 1;
    if (before < count && seen >= count) act(child);
  });
}

async function undisturbedTable(): Promise<string> {
  const whole = await place.exp("run", "long.exp", "--store", "undisturbed", "--quiet");
  expect(whole.exitCode).toBe(0);
  return whole.out;
}

describe("a run that is killed with SIGKILL", () => {
  it("goes on where it was, and the final table is byte-identical to that of an undisturbed run", async () => {
    for (const [event, count] of [
      ["task.finished", 3],
      ["task.progress", 2],
    ] as const) {
      const killed = await runUntil(event, count, (child) => child.kill("SIGKILL"));
      expect(killed.exitCode).toBeNull();
      expect(killed.out).not.toContain("run.finished");
    }
    const resumed = await place.exp("run", "long.exp", "--store", "store", "--quiet");
    expect(resumed.exitCode).toBe(0);
    expect(resumed.out).toBe(await undisturbedTable());
  });
});

describe("Ctrl-C", () => {
  it("brings what runs to a safe end, exits 130, and the next run goes on", async () => {
    const stopped = await runUntil("task.progress", 1, (child) => child.kill("SIGINT"));
    expect(stopped.exitCode).toBe(130);
    const events = stopped.out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { event: string; summary?: { cancelled: number; forwardPasses: number } });
    expect(events.map(({ event }) => event)).toContain("run.interrupted");
    const last = events.at(-1);
    expect(last?.event).toBe("run.finished");
    expect(last?.summary?.cancelled).toBeGreaterThan(0);

    const resumed = await place.exp("run", "long.exp", "--store", "store", "--json");
    const summary = (JSON.parse(resumed.out.trim().split("\n").at(-1) ?? "") as { summary: { forwardPasses: number } })
      .summary;
    expect(resumed.exitCode).toBe(0);
    expect(summary.forwardPasses).toBe(1400 - (last?.summary?.forwardPasses ?? 0));
  });

  it("ends with the table of what is there, and a word on how to go on", async () => {
    let isPressed = false;
    const stopped = await place.start(["run", "long.exp", "--store", "store"], (text, child) => {
      if (isPressed || !text.includes("✓")) return;
      isPressed = true;
      child.kill("SIGINT");
    });
    expect(stopped.exitCode).toBe(130);
    expect(stopped.out).toContain("no answer yet");
    expect(stopped.err).toMatch(/Stopped\. Run again to go on\.\n$/);
  });

  it("pressed twice quits at once, and what was stored stays", async () => {
    const stopped = await runUntil("task.progress", 1, (child) => {
      child.kill("SIGINT");
      setTimeout(() => child.kill("SIGINT"), 5);
    });
    expect(stopped.exitCode).toBe(130);
    const resumed = await place.exp("run", "long.exp", "--store", "store", "--quiet");
    expect(resumed.exitCode).toBe(0);
    expect(resumed.out).toBe(await undisturbedTable());
  });
});
