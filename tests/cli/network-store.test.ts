import { existsSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createWorkplace, smallProgram, type Ended, type Workplace } from "./command-line.ts";

let place: Workplace;
beforeEach(() => {
  place = createWorkplace();
  place.write("small.exp", smallProgram);
  process.env["EXP_STORE_FILESYSTEM"] = "network";
});
afterEach(() => {
  delete process.env["EXP_STORE_FILESYSTEM"];
  place.close();
});

const store = ["--store", "store"];
const run = ["run", "small.exp", ...store];

/** The lock of a process elsewhere that was last heard of so many seconds ago. */
function writeLock(secondsAgo: number): void {
  const path = place.write(
    "store/store.lock",
    JSON.stringify({
      holder: { id: "other", host: "elsewhere", pid: 4711, processStart: null },
      since: "2026-01-02T03:04:05.000Z",
    }),
  );
  const then = Date.now() / 1000 - secondsAgo;
  utimesSync(path, then, then);
}

describe("a store on a network file system", { timeout: 60_000 }, () => {
  it("gives the table of a local one, without a write-ahead log, and is free again afterwards", async () => {
    const onNetwork = await place.exp(...run);
    expect(onNetwork.exitCode, onNetwork.err).toBe(0);
    expect(onNetwork.err).toContain("lies on a network file system: one run at a time may write to it.");
    expect(readdirSync(join(place.folder, "store")).sort()).toEqual([".gitignore", "store.sqlite"]);
    process.env["EXP_STORE_FILESYSTEM"] = "local";
    const local = await place.exp("run", "small.exp", "--store", "local");
    expect(local.out).toBe(onNetwork.out);
    // And back again: neither kind of journal keeps a store where it was made.
    expect((await place.exp(...run)).err).toContain("0 computed");
  });

  it("is read by others while one run writes, and refuses a second one with who has it", async () => {
    place.write("small.exp", smallProgram.replace("train: 60", "train: 400").replace("depth: 2", "depth: 6"));
    const others: Promise<Ended>[] = [];
    const first = await place.start([...run, "--json"], (text) => {
      if (!text.includes('"event":"task.progress"') || others.length > 0) return;
      others.push(
        place.exp(...run),
        place.exp("plan", "small.exp", ...store),
        place.exp("cache", "gc", "small.exp", "--yes", ...store),
      );
    });
    expect(first.exitCode, first.err).toBe(0);
    const [second, plan, gc] = await Promise.all(others);
    expect(second?.exitCode).toBe(4);
    expect(second?.err).toMatch(
      new RegExp(`one run at a time may write, and it is in use by process \\d+ on ${hostname()}, since`),
    );
    expect(second?.err.replace(/\s+/g, " ")).toContain("Wait for that run, stop it, or keep a store on a local disk");
    expect(plan?.exitCode, plan?.err).toBe(0);
    expect(gc?.exitCode).toBe(4);
  });

  it("passes at once from a process of this machine that was killed", async () => {
    const killed = await place.expKilledAt("after save answer@3", run);
    expect(killed.exitCode).toBe(null);
    expect(existsSync(join(place.folder, "store/store.lock"))).toBe(true);
    const next = await place.exp(...run);
    expect(next.exitCode, next.err).toBe(0);
    expect(next.err).toContain("3 stored");
    expect((await place.exp("cache", "verify", ...store)).exitCode).toBe(0);
  });

  it("passes from a process elsewhere once that was not heard of for a minute", async () => {
    await place.exp(...run);
    writeLock(30);
    const early = await place.exp(...run);
    expect(early.exitCode).toBe(4);
    expect(early.err.replace(/\s+/g, " ")).toContain("process 4711 on elsewhere, since 2026-01-02T03:04:05.000Z");
    writeLock(90);
    expect((await place.exp(...run)).exitCode).toBe(0);
    // Of one that was killed while it made its lock, nothing is known but when.
    writeFileSync(join(place.folder, "store/store.lock"), "");
    expect((await place.exp(...run)).err).toContain("in use by another process");
  });

  it("is what the environment says that it is, or nothing", async () => {
    process.env["EXP_STORE_FILESYSTEM"] = "nfs";
    const { exitCode, err } = await place.exp(...run);
    expect(exitCode).toBe(2);
    expect(err).toContain('EXP_STORE_FILESYSTEM is "nfs".');
    expect(err).toContain("Write local or network");
  });
});
