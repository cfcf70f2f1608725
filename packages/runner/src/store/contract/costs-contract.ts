import { describe, expect, test } from "vitest";
import type { ComputedCost, RunId, Store, StoredRun } from "../store.ts";
import { costOf, fingerprintOf, startRun } from "./sample-entries.ts";

export function describeCosts(storeOf: () => Store): void {
  describe("what computed tasks took", () => {
    test("is found by op, newest run first, with the question that it was", () => {
      const store = storeOf();
      const [first, second] = [startRun(store), startRun(store)];
      save(store, { run: first, name: "a", cost: costOf("fit", 1.5) });
      save(store, { run: first, name: "b", cost: { ...costOf("score", 0.1), peakBytes: null } });
      save(store, { run: second, name: "a", cost: { ...costOf("fit", 2), examples: { made: 3, total: 5 } } });
      save(store, { run: second, name: "without" });
      const ofFit = store.findCosts({ op: "fit", tasks: 9, tasksOfRun: 9, isWanted: () => true });
      const question = { fingerprint: fingerprintOf("a"), manifest: '{"op":"a"}' };
      expect(ofFit).toEqual([
        { ...costOf("fit", 2), examples: { made: 3, total: 5 }, run: second, ...question },
        { ...costOf("fit", 1.5), run: first, ...question },
      ]);
      const ofScore = store.findCosts({ op: "score", tasks: 9, tasksOfRun: 9, isWanted: () => true });
      expect(ofScore.map(({ peakBytes }) => peakBytes)).toEqual([null]);
      expect(store.findCosts({ op: "none", tasks: 9, tasksOfRun: 9, isWanted: () => true })).toEqual([]);
    });

    test("is found by questions", () => {
      const store = storeOf();
      const run = startRun(store);
      for (const name of ["a", "b", "c"]) save(store, { run, name, cost: costOf(name, 1) });
      const found = store.findCostsOf([fingerprintOf("c"), fingerprintOf("a"), fingerprintOf("unknown")]);
      expect(found.map(({ op }) => op).sort()).toEqual(["a", "c"]);
      expect(store.findCostsOf([])).toEqual([]);
    });

    test("is drawn fairly from a run, the same every time, and only from runs that are wanted", () => {
      const store = storeOf();
      const runs = [startRun(store), startRun(store), startRun(store)];
      const names = Array.from({ length: 60 }, (_, index) => `task ${String(index)}`);
      for (const run of runs) for (const name of names) save(store, { run, name, cost: costOf("fit", 1) });
      const isWanted = ({ run }: StoredRun): boolean => run !== runs[1];
      const drawn = store.findCosts({ op: "fit", tasks: 15, tasksOfRun: 10, isWanted });
      expect(drawn.map(({ run }) => run)).toEqual([
        ...Array<RunId>(10).fill(runs[2]!),
        ...Array<RunId>(5).fill(runs[0]!),
      ]);
      const ordered = names.map((name) => fingerprintOf(name)).sort();
      expect(drawn.map(({ fingerprint }) => fingerprint)).toEqual([...ordered.slice(0, 10), ...ordered.slice(0, 5)]);
    });
  });
}

function save(store: Store, { run, name, cost }: { run: RunId; name: string; cost?: ComputedCost }): void {
  store.saveRunTask({
    ...{ run, slot: name, fingerprint: fingerprintOf(name), manifest: `{"op":"${name}"}` },
    ...{ outcome: "computed", reason: null, seconds: 1, ...(cost === undefined ? {} : { cost }) },
  });
}
