import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Store } from "@exp-lab/runner";
import { createBench, program, type Bench } from "./run-program.ts";

let bench: Bench;
beforeEach(() => {
  bench = createBench();
});
afterEach(() => {
  bench.close();
});

describe("an answer that was stored but cannot be read any more", () => {
  it("is computed anew where it is rows that something must read", async () => {
    const first = await bench.run(program);
    const store = losingRowsOnce(bench.store);
    const again = createBench(store);
    again.write("points.txt", readFileSync(join(bench.folder, "points.txt"), "utf8"));
    const second = await again.run(program.replace("k: 3", "k: 1"));
    expect(second.summary).toMatchObject({ failed: 0, skipped: 0 });
    expect(again.counts.calls.get("knn")).toBe(1);
    expect(second.tables[0]?.cells.map(({ mean }) => mean === null)).toEqual([false, false]);
    expect(second.tables[0]?.cells[1]?.mean).toBe(first.tables[0]?.cells[1]?.mean);
  });

  it("is computed anew where it is a score of the table", async () => {
    const first = await bench.run(program);
    const again = createBench(losingScoresOnce(bench.store));
    again.write("points.txt", readFileSync(join(bench.folder, "points.txt"), "utf8"));
    const second = await again.run(program);
    expect(second.text).toBe(first.text);
    expect(second.summary.failed).toBe(0);
  });
});

/** A store whose rows turn out to be damaged the first time that they are read. */
function losingRowsOnce(store: Store): Store {
  let isLost = false;
  return {
    ...store,
    *readRows(recipe, examples, target) {
      const missing = yield* store.readRows(recipe, examples, target);
      if (isLost) return missing;
      isLost = true;
      return examples;
    },
  };
}

/** A store whose scores turn out to be damaged the first time that they are read: it drops them, as stores do. */
function losingScoresOnce(store: Store): Store {
  const lost = new Set<string>();
  return {
    ...store,
    readArtifact: (digest) => {
      const artifact = store.readArtifact(digest);
      if (artifact?.kind !== "score" || lost.has(digest)) return artifact;
      lost.add(digest);
      store.dropArtifact(digest);
      return null;
    },
  };
}

it("never keeps what was computed from a changed file as the answer about the file that was hashed", async () => {
  const undisturbed = createBench();
  const right = await undisturbed.run(program);
  undisturbed.close();

  const before = readFileSync(join(bench.folder, "points.txt"), "utf8");
  const relabelled = before.replace("test 0 0.05 1.2", "test 1 0.05 1.2");
  await bench.run(program, new AbortController().signal, (event) => {
    if (event.event === "run.planned") bench.write("points.txt", relabelled);
  });
  bench.write("points.txt", before);
  const again = await bench.run(program);
  expect(again.text).toBe(right.text);
});
