import { readFileSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createInProcessExecutor, openMemoryStore, type Executor, type Store } from "@exp-lab/runner";
import { createBench, program, type Bench } from "./run-program.ts";

let bench: Bench;
beforeEach(() => {
  bench = createBench(withCoarseClock(openMemoryStore()));
});
afterEach(() => {
  bench.close();
});

/** A run that believes what it remembers of files, and which files it read anew. */
async function runTrusting(): Promise<{ readonly text: string; readonly hashed: number }> {
  let hashed = 0;
  const plain = createInProcessExecutor(bench.ops);
  const executor: Executor = {
    ...plain,
    hashFiles: (paths, hooks) => {
      hashed += paths.length;
      return plain.hashFiles(paths, hooks);
    },
  };
  const { text } = await bench.run(program, undefined, undefined, undefined, { executor, rehash: false });
  return { text, hashed };
}

/** Exchanges the classes of one example: as many bytes as before. */
function editSameSize(): void {
  const path = join(bench.folder, "points.txt");
  const text = readFileSync(path, "utf8");
  const edited = text.replace("test 1 1.05", "test 0 1.05").replace("test 0 0.05", "test 1 0.05");
  expect(edited.length).toBe(text.length);
  expect(edited).not.toBe(text);
  bench.write("points.txt", edited);
}

describe("a file edited to another one of the same size is found", () => {
  it("within one tick of the file system's clock", async () => {
    const before = await runTrusting();
    editSameSize();
    const after = await runTrusting();
    expect(after.text).not.toBe(before.text);
    expect(after.hashed).toBe(1);
  });

  it("with its time of change set back", { timeout: 20_000 }, async () => {
    const path = join(bench.folder, "points.txt");
    await setTimeout(settledAfter);
    const before = await runTrusting();
    // Only what is remembered could be believed wrongly.
    expect((await runTrusting()).hashed).toBe(0);

    const { atime, mtime } = statSync(path);
    await setTimeout(tick);
    editSameSize();
    utimesSync(path, atime, mtime);
    const after = await runTrusting();
    expect(after.text).not.toBe(before.text);
    expect(after.hashed).toBe(1);
  });
});

/** Files of less than two seconds are read anew each time; tell it from the clock of the simulated file system. */
const [settledAfter, tick] = [2100, 1000];

/** A store that sees the times of files as a file system keeps them whose clock ticks once a second. */
function withCoarseClock(store: Store): Store {
  type Stat = Parameters<Store["findFileDigest"]>[0];
  const second = 1_000_000_000n;
  const coarse = (stat: Stat): Stat => ({
    ...stat,
    mtimeNs: stat.mtimeNs - (stat.mtimeNs % second),
    ctimeNs: stat.ctimeNs - (stat.ctimeNs % second),
  });
  return {
    ...store,
    findFileDigest: (stat) => store.findFileDigest(coarse(stat)),
    saveFileDigests: (entries) => {
      store.saveFileDigests(entries.map(({ stat, digest }) => ({ stat: coarse(stat), digest })));
    },
  };
}
