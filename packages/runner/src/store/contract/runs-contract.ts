import { describe, expect, test } from "vitest";
import type { Digest, Fingerprint } from "../../hash/digests.ts";
import type { FileStat, RunTask, Store, WeightSourceFile } from "../store.ts";
import { answerOf, digestNamed, fingerprintOf, startRun } from "./sample-entries.ts";

export function describeRuns(storeOf: () => Store): void {
  describe("runs", () => {
    test("an answer knows the run that made it", () => {
      const store = storeOf();
      startRun(store);
      const startedAt = new Date("2026-05-06T07:08:09.123Z");
      const run = store.startRun({ program: "other.exp", startedAt, environment: '{"node":"20"}' });
      const answer = answerOf({ name: "head", run });
      store.saveAnswer(answer);
      store.finishRun(run, "{}");
      expect(store.findMaker(answer.fingerprint)).toEqual({ run, program: "other.exp", startedAt, seconds: 1.5 });
      expect(store.findMaker(fingerprintOf("unknown"))).toBeNull();
    });

    test("a slot's last tasks come newest first", () => {
      const store = storeOf();
      const first = startRun(store);
      const second = startRun(store);
      store.saveRunTask(taskOf(first, "table.exp:head", "computed"));
      store.saveRunTask(taskOf(first, "table.exp:other", "computed"));
      store.saveRunTask(taskOf(second, "table.exp:head", "failed"));
      store.saveRunTask({ ...taskOf(second, "table.exp:head", "cached"), reason: "stored" });
      const startedAt = new Date("2026-02-03T04:05:06Z");
      const fingerprint = fingerprintOf("table.exp:head");
      expect(store.findRunTasks("table.exp:head", 2)).toEqual([
        { run: second, startedAt, fingerprint, outcome: "cached", reason: "stored" },
        { run: second, startedAt, fingerprint, outcome: "failed", reason: null },
      ]);
      expect(store.findRunTasks("table.exp:head", 9)).toHaveLength(3);
      expect(store.findRunTasks("unknown", 9)).toEqual([]);
      expect(store.readManifest(fingerprint)).toBe('{"slot":"table.exp:head"}');
    });

    test("a slot hears of a stored answer once, where its last question was another one", () => {
      const store = storeOf();
      const run = startRun(store);
      const answer = answerOf({ name: "head", run });
      store.saveAnswer(answer);
      store.saveRunTask(taskOf(run, "table.exp:head", "computed"));
      const stored = [{ slot: "table.exp:head", fingerprint: answer.fingerprint }];
      store.noteStoredTasks(run, stored);
      store.noteStoredTasks(run, stored);
      const past = store.findRunTasks("table.exp:head", 9);
      expect(past.map(({ fingerprint, outcome, reason }) => [fingerprint, outcome, reason])).toEqual([
        [answer.fingerprint, "cached", "stored"],
        [fingerprintOf("table.exp:head"), "computed", null],
      ]);
    });

    test("the former answer of a slot is that of its latest question that has one", () => {
      const store = storeOf();
      const run = startRun(store);
      expect(store.findFormerAnswers(["a", "b"])).toEqual(new Map());
      const [old, latest, other] = ["old", "latest", "other"].map((name) => answerOf({ name, run }));
      for (const answer of [old!, latest!, other!]) store.saveAnswer(answer);
      const ends = (slot: string, ...fingerprints: readonly Fingerprint[]): void => {
        for (const fingerprint of fingerprints) {
          store.saveRunTask({ ...taskOf(run, slot, "failed"), fingerprint, manifest: "{}" });
        }
      };
      const unanswered = ["p", "q", "r", "s", "t", "u", "v", "w"].map((name) => fingerprintOf(name));
      ends("plain", old!.fingerprint, latest!.fingerprint);
      ends("failed since", latest!.fingerprint, old!.fingerprint, ...unanswered.slice(1));
      ends("long ago", old!.fingerprint, ...unanswered);
      ends("never", ...unanswered.slice(0, 2));
      ends("not asked for", other!.fingerprint);
      const slots = ["plain", "failed since", "long ago", "never", "unknown", "plain"];
      expect([...store.findFormerAnswers(slots)].sort()).toEqual([
        ["failed since", old!.artifact],
        ["plain", latest!.artifact],
      ]);
      store.dropArtifact(latest!.artifact);
      expect(store.findFormerAnswers(["plain"]).get("plain")).toBe(old!.artifact);
      expect(store.findFormerAnswers([])).toEqual(new Map());
    });

    test("thousands of slots are asked for at once", () => {
      const store = storeOf();
      const run = startRun(store);
      const answer = answerOf({ name: "head", run });
      store.saveAnswer(answer);
      store.saveRunTask({ ...answer, slot: 'a "slot" № 7', outcome: "computed", reason: null });
      const slots = Array.from({ length: 20_000 }, (_, index) => `a "slot" № ${String(index)}`);
      expect([...store.findFormerAnswers(slots)]).toEqual([['a "slot" № 7', answer.artifact]]);
    });

    test("what belongs to a run that never started is refused", () => {
      const store = storeOf();
      expect(() => {
        store.saveAnswer(answerOf({ name: "head", run: 3 }));
      }).toThrow("no run 3");
      expect(() => {
        store.saveRunTask(taskOf(3, "slot", "computed"));
      }).toThrow("no run 3");
      expect(() => {
        store.finishRun(3, "{}");
      }).toThrow("no run 3");
      expect(store.findAnswers([fingerprintOf("head")]).size).toBe(0);
    });
  });

  describe("files of weights", () => {
    test("are found by the source that they were saved under", () => {
      const store = storeOf();
      expect(store.findWeightSource('{"a":1}')).toBeNull();
      store.saveWeightSource('{"a":1}', weightSourceFiles());
      expect(store.findWeightSource('{"a":1}')).toEqual(weightSourceFiles());
      expect(store.findWeightSource('{"a":2}')).toBeNull();
    });

    test("take the place of those that were there before", () => {
      const store = storeOf();
      store.saveWeightSource("a", weightSourceFiles());
      const others = [{ ...weightSourceFiles()[0]!, digest: digestNamed("other") }];
      store.saveWeightSource("a", others);
      expect(store.findWeightSource("a")).toEqual(others);
    });

    test("have digests", () => {
      const store = storeOf();
      const files = [{ ...weightSourceFiles()[0]!, digest: "no digest" as Digest }];
      expect(() => {
        store.saveWeightSource("a", files);
      }).toThrow();
      expect(store.findWeightSource("a")).toBeNull();
    });
  });

  describe("digests of files", () => {
    const stat: FileStat = {
      device: 2n ** 63n + 5n,
      inode: 2n ** 60n + 1n,
      size: 10n,
      mtimeNs: -7n,
      ctimeNs: 2n ** 60n,
    };
    const digest = digestNamed("file");

    test("are found by exactly the stat they were saved with", () => {
      const store = storeOf();
      expect(store.findFileDigest(stat)).toBeNull();
      store.saveFileDigests([{ stat, digest }]);
      expect(store.findFileDigest({ ...stat })).toBe(digest);
      for (const name of ["device", "inode", "size", "mtimeNs", "ctimeNs"] as const) {
        expect(store.findFileDigest({ ...stat, [name]: stat[name] + 1n }), name).toBeNull();
      }
    });

    test("of a file that changed take the place of the old", () => {
      const store = storeOf();
      const changed = { ...stat, mtimeNs: 8n };
      store.saveFileDigests([{ stat, digest }]);
      store.saveFileDigests([{ stat: changed, digest: digestNamed("changed") }]);
      expect(store.findFileDigest(changed)).toBe(digestNamed("changed"));
      expect(store.findFileDigest(stat)).toBeNull();
    });
  });
}

function weightSourceFiles(): readonly WeightSourceFile[] {
  return [
    { name: "model.safetensors", digest: digestNamed("model"), bytes: 2 ** 40, revision: "0".repeat(40) },
    { name: "part.bin", digest: digestNamed("part"), bytes: 0, revision: null },
  ];
}

function taskOf(run: number, slot: string, outcome: string): RunTask {
  const manifest = `{"slot":"${slot}"}`;
  return { run, slot, fingerprint: fingerprintOf(slot), manifest, outcome, reason: null, seconds: 0.25 };
}
