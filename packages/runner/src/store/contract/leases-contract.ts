import { describe, expect, test } from "vitest";
import type { LeaseHolder, LeaseNumber, Store, WorkClaim } from "../store.ts";
import { answerOf, fingerprintOf, recipeOf, startRun } from "./sample-entries.ts";

const holder = (id: string): LeaseHolder => ({ id, host: "here", pid: 100, processStart: null });
const [work, other] = [fingerprintOf("work"), recipeOf("other")];

const claimOf = (id: string, more: Partial<WorkClaim> = {}): WorkClaim => {
  return { keys: [work], holder: holder(id), now: 1_000_000, milliseconds: 60_000, isGone: () => false, ...more };
};

/** What a claim of `work` gives, which must succeed. */
function claimed(store: Store, claim: WorkClaim): LeaseNumber {
  const given = store.claimWork(claim).get(work);
  if (given?.state !== "ours") throw new Error("The work is held.");
  return given.lease;
}

/** Leases, on any store. */
export function describeLeases(storeOf: () => Store): void {
  describe("leases", () => {
    test("give work to one holder at a time, each key by itself", () => {
      const store = storeOf();
      claimed(store, claimOf("a"));
      const given = store.claimWork(claimOf("b", { keys: [work, other] }));
      expect(given.get(work)).toEqual({ state: "held", by: holder("a") });
      expect(given.get(other)?.state).toBe("ours");
      expect(store.findHeldWork(claimOf("b", { keys: [work, other] }))).toEqual(new Set([work]));
      expect(store.findHeldWork(claimOf("a", { keys: [work, other] }))).toEqual(new Set([other]));
      claimed(store, claimOf("a"));
    });

    test.each<[string, Partial<WorkClaim>]>([
      ["has run out", { now: 1_060_001 }],
      ["is a process's that is gone", { isGone: ({ id }) => id === "a" }],
      ["was written by a clock that has been set back since", { now: 1_000_000 - 3_600_000 }],
    ])("are taken over where one %s", (_, more) => {
      const store = storeOf();
      const first = claimed(store, claimOf("a"));
      expect(store.findHeldWork(claimOf("b")).size).toBe(1);
      expect(store.findHeldWork(claimOf("b", more)).size).toBe(0);
      expect(claimed(store, claimOf("b", more))).toBeGreaterThan(first);
    });

    test("are kept as long as they are renewed, and end when they are released", () => {
      const store = storeOf();
      const lease = claimed(store, claimOf("a"));
      claimed(store, claimOf("c", { keys: [other, work].slice(1), isGone: () => true }));
      store.renewLeases(holder("c"), 1_120_000);
      const later = { now: 1_100_000 };
      expect(store.findHeldWork(claimOf("b", later)).size).toBe(1);
      store.releaseWork([lease]);
      expect(store.findHeldWork(claimOf("b", later)).size).toBe(1);
      store.releaseWork([lease + 1]);
      claimed(store, claimOf("b", later));
    });

    test("end with the answer that is saved under them; one that was lost saves nothing", () => {
      const store = storeOf();
      const run = startRun(store);
      const late = claimed(store, claimOf("a"));
      const lease = claimed(store, claimOf("b", { isGone: () => true }));
      const answer = { ...answerOf({ name: "work", run, content: { recipe: "fit", input: "x" } }) };
      expect(store.saveAnswer({ ...answer, lease: late })).toBe(false);
      expect(store.statistics()).toMatchObject({ answers: 0, artifacts: 0 });
      expect(store.saveAnswer({ ...answer, lease })).toBe(true);
      expect(store.findAnswers([work]).get(work)?.artifact).toBe(answer.artifact);
      expect(store.findHeldWork(claimOf("c")).size).toBe(0);
      expect(claimed(store, claimOf("c"))).toBeGreaterThan(lease);
    });
  });
}
