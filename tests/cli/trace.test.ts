import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorkplace, smallProgram, type Workplace } from "./command-line.ts";

/** Its grid of heads shares calls; two slots work at once. */
const program = smallProgram
  .replace("logistic { c: 0.1 }", "linear { epochs: 40  search { over { lr: [0.01, 0.1, 1] } } }")
  .replace("backbone: [fine]", "backbone: [fine, coarse]")
  .replace("head near", "backbone coarse = fine { patch_size: 16 }\n\nhead near");

interface Event {
  readonly name: string;
  readonly ph: string;
  readonly ts: number;
  readonly dur: number;
  readonly pid: number;
  readonly tid: number;
  readonly cat: string;
  readonly args: Readonly<Record<string, unknown>>;
}

let place: Workplace;
beforeAll(async () => {
  place = createWorkplace();
  place.write("small.exp", program);
  expect((await place.exp("run", "small.exp", "--jobs", "2")).exitCode).toBe(0);
});
afterAll(() => {
  place.close();
});

async function traceOf(...argv: readonly string[]): Promise<readonly Event[]> {
  const { exitCode, out } = await place.exp("trace", ...argv, "--out", "made/trace.json");
  expect([exitCode, out]).toEqual([0, "made/trace.json\n"]);
  const text = readFileSync(join(place.folder, "made/trace.json"), "utf8");
  return (JSON.parse(text) as { traceEvents: readonly Event[] }).traceEvents;
}

function expectValid(events: readonly Event[]): void {
  for (const event of events) {
    expect(["X", "i", "C", "M"]).toContain(event.ph);
    for (const value of [event.ts, event.dur, event.pid, event.tid]) {
      expect(Number.isSafeInteger(value)).toBe(true);
      expect(value).toBeGreaterThanOrEqual(0);
    }
  }
  const tracks = new Map<number, Event[]>();
  for (const event of events.filter(({ ph }) => ph === "X")) {
    tracks.set(event.tid, [...(tracks.get(event.tid) ?? []), event]);
  }
  for (const [tid, onTrack] of tracks) {
    onTrack.sort((a, b) => a.ts - b.ts || a.dur - b.dur);
    const ends = onTrack.map(({ ts, dur }) => ts + dur);
    onTrack.slice(1).forEach(({ ts }, index) => {
      expect(ts).toBeGreaterThanOrEqual(ends[index]!);
    });
    expect(events.some(({ ph, name, tid: named }) => ph === "M" && name === "thread_name" && named === tid)).toBe(true);
  }
}

describe("the trace of a run", () => {
  it("is valid, and no two events of a track overlap", async () => {
    expectValid(await traceOf());
  });

  it("has every task that was worked on, once, with what it is and how it ended", async () => {
    const events = await traceOf("1");
    const { out } = await place.exp("plan", "small.exp", "--json");
    const { tasks } = JSON.parse(out) as { tasks: readonly { fingerprint: string; op: string }[] };
    const drawn = events.filter(({ args }) => args["fingerprint"] !== undefined);
    expect(drawn.map(({ args }) => args["fingerprint"]).sort()).toEqual(tasks.map((task) => task.fingerprint).sort());
    for (const { ph, cat, args } of drawn) {
      expect(ph).toBe("X");
      expect(args).toMatchObject({ op: cat, outcome: "computed" });
    }
    const extraction = drawn.find(({ cat }) => cat === "extract");
    expect(extraction?.args["examples"]).toEqual({ missing: 60, total: 60 });
  });

  it("shows the slots, what shared a call, and the shards", async () => {
    const events = await traceOf("last");
    const names = events.filter(({ name }) => name === "thread_name").map(({ args }) => args["name"]);
    expect(names).toEqual(["run", "store", "slot 1", "slot 2"]);
    const calls = events.filter(({ cat, args }) => cat === "linear" && args["call"] !== undefined);
    expect(calls.length).toBeGreaterThanOrEqual(3);
    expect(calls[0]?.args["call"]).toMatchObject({ tasks: 3 });
    const stored = events.filter(({ ph }) => ph === "i").map(({ args }) => Number(args["rows"]));
    expect(stored.reduce((sum, rows) => sum + rows, 0)).toBe(2 * 140);
    expect(events.findLast(({ name }) => name === "rows stored")?.args).toEqual({ "rows stored": 280 });
  });

  it("of a run that found everything stored has its planning alone", async () => {
    await place.exp("run", "small.exp");
    const events = await traceOf();
    expectValid(events);
    expect(events.filter(({ ph }) => ph === "X").map(({ name }) => name)).toEqual(["plan", "tasks"]);
  });

  it("goes to standard output where no file is named", async () => {
    const { out, err, exitCode } = await place.exp("trace", "1");
    expect(exitCode).toBe(0);
    expectValid((JSON.parse(out) as { traceEvents: readonly Event[] }).traceEvents);
    expect(err).toContain("Run 1 of small.exp");
  });

  it("of a run that there is not is refused", async () => {
    const { err, exitCode } = await place.exp("trace", "9", "--out", "made/other.json");
    expect(exitCode).toBe(2);
    expect(err).toContain('The store has no run "9"');
  });
});
