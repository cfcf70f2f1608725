import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Store } from "../store.ts";
import { describeAnswers } from "./answers-contract.ts";
import { describeCosts } from "./costs-contract.ts";
import { describeLeases } from "./leases-contract.ts";
import { describeRows } from "./rows-contract.ts";
import { describeRunHistory } from "./run-history-contract.ts";
import { describeRuns } from "./runs-contract.ts";
import { describeUpkeep } from "./upkeep-contract.ts";
import { answerOf, shardOf, startRun } from "./sample-entries.ts";

/** What every store does, run on each implementation. `openFresh` gives an empty store; the suite closes it. */
export function describeStore(name: string, openFresh: () => Store): void {
  describe(name, () => {
    let store: Store;
    beforeEach(() => {
      store = openFresh();
    });
    afterEach(() => {
      store.close();
    });

    describeAnswers(() => store);
    describeRows(() => store);
    describeLeases(() => store);
    describeRuns(() => store);
    describeRunHistory(() => store);
    describeCosts(() => store);
    describeUpkeep(() => store);

    test("counts what it holds", () => {
      const run = startRun(store);
      store.saveAnswer(answerOf({ name: "first", run, bytes: Buffer.from("same") }));
      store.saveAnswer(answerOf({ name: "second", run, bytes: Buffer.from("same") }));
      store.saveRows(shardOf("dino", ["a", "b"], run));
      expect(store.statistics()).toMatchObject({
        answers: 2,
        artifacts: 1,
        artifactBytes: 4,
        rows: 2,
        rowBytes: 40,
        runs: 1,
        damaged: 0,
      });
    });

    test("keeps one pseudonym key of 32 bytes", () => {
      const key = store.pseudonymKey();
      expect(key).toHaveLength(32);
      expect(new Set(key).size).toBeGreaterThan(8);
      key.fill(0);
      expect(store.pseudonymKey()).not.toEqual(key);
      expect(store.pseudonymKey()).toEqual(store.pseudonymKey());
    });
  });
}
