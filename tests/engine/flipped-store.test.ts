import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore, StoreError, type VerifyReport, type Store } from "@exp-lab/runner";
import { createBench, program } from "./run-program.ts";

/** What carries no check: it says when, who or what to look at first, and nothing that a table shows hangs on it. */
const unchecked: ReadonlySet<string> = new Set(["answer.last_used_day"]);

const flipper = fileURLToPath(new URL("../../packages/runner/src/store/sqlite/flip-columns.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "exp-flips-"));
let copies: readonly string[] = [];
let table = "";

beforeAll(async () => {
  const bench = createBench(openStore(join(folder, "whole")));
  // A second backbone, and a second run with other settings, so that there is a history.
  await bench.run(program.replace("k: 3", "k: 1"));
  table = (await bench.run(program)).text;
  bench.close();
  const argv = [flipper, join(folder, "whole"), join(folder, "copies"), "8", "20261124"];
  copies = execFileSync(process.execPath, argv, { encoding: "utf8" }).trim().split("\n");
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe("one flipped bit in any column of any table", () => {
  it("never reaches a table, and what it cost is computed anew", async () => {
    const wrong: string[] = [];
    let recomputed = 0;
    let refused = 0;
    for (const name of copies) {
      const opened = openCopy(name);
      if (opened === null) {
        refused += 1;
        continue;
      }
      const bench = createBench(opened);
      const { text, summary } = await bench.run(program);
      if (text !== table || summary.failed > 0) wrong.push(`${name}: ${text}`);
      if (summary.computed > 0) recomputed += 1;
      bench.close();
    }
    expect(wrong).toEqual([]);
    expect(recomputed).toBeGreaterThan(0);
    // Of the whole file, only what says that it is a store, and the key of the pseudonyms, cannot be done without.
    expect(refused).toBeLessThan(5);
  });

  it("is found by a verification", () => {
    const missed = copies.filter((name) => {
      const column = name.replace(/\.\d+$/, "");
      if (unchecked.has(column)) return false;
      const opened = openCopy(name);
      if (opened === null) return false;
      const report = verify(opened);
      opened.close();
      return report !== null && Object.keys(report.damaged).length === 0;
    });
    expect(missed).toEqual([]);
  });
});

/** A copy of the copy, since reading it mends it. Null where the store says that it cannot be used. */
function openCopy(name: string): Store | null {
  const own = mkdtempSync(join(folder, "own-"));
  copyFileSync(join(folder, "copies", name, "store.sqlite"), join(own, "store.sqlite"));
  try {
    return openStore(own);
  } catch (error) {
    if (error instanceof StoreError) return null;
    throw error;
  }
}

function verify(store: Store): VerifyReport | null {
  const steps = store.verify();
  try {
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
    }
  } catch (error) {
    if (error instanceof StoreError) return null;
    throw error;
  }
}
