import { describe, expect, test } from "vitest";
import type { AskedTask, RunTask, Store, TaskTimes } from "../store.ts";
import { answerOf, digestNamed, fingerprintOf, hashOf, recipeOf, shardOf, startRun } from "./sample-entries.ts";

export function describeRunHistory(storeOf: () => Store): void {
  describe("the history of runs", () => {
    test("a run is found with what it was computed with, and with its end once it has one", () => {
      const store = storeOf();
      const startedAt = new Date("2026-05-06T07:08:09.123Z");
      const run = store.startRun({ program: "table.exp", startedAt, environment: '{"cores":2}' });
      expect(store.findRun(run)).toEqual({
        ...{ run, program: "table.exp", startedAt, environment: '{"cores":2}' },
        end: null,
      });
      store.finishRun(run, '{"tasks":3}');
      const end = store.findRun(run)?.end;
      expect(end?.summary).toBe('{"tasks":3}');
      expect(end?.finishedAt.getTime()).toBeGreaterThan(startedAt.getTime());
      expect(store.findRun(run + 1)).toBeNull();
    });

    test("the last runs come newest first", () => {
      const store = storeOf();
      const runs = [startRun(store), startRun(store), startRun(store)];
      expect(store.findRuns(2).map(({ run }) => run)).toEqual([runs[2], runs[1]]);
      expect(store.findRuns(9)).toHaveLength(3);
    });

    test("a run's tasks come in the order in which they ended, with their times", () => {
      const store = storeOf();
      const run = startRun(store);
      const other = startRun(store);
      const shards = [{ atMs: 20.5, rows: 3, bytes: 60 }];
      const times: TaskTimes = {
        ...{ track: 1, startedMs: 12.25, runningMs: 13, endedMs: 40 },
        ...{ examples: { missing: 3, total: 5 }, shards },
      };
      const task = (of: number, slot: string): RunTask => ({
        ...{ run: of, slot, fingerprint: fingerprintOf(slot), manifest: "{}" },
        ...{ outcome: "computed", reason: null, seconds: 0.5 },
      });
      store.saveRunTask({ ...task(run, "b"), times });
      store.saveRunTask(task(other, "b"));
      store.saveRunTask(task(run, "a"));
      const common = { outcome: "computed", reason: null, seconds: 0.5 };
      expect(store.findTasksOfRun(run)).toEqual([
        { slot: "b", fingerprint: fingerprintOf("b"), ...common, times },
        { slot: "a", fingerprint: fingerprintOf("a"), ...common, times: null },
      ]);
      expect(store.findTasksOfRun(other + 1)).toEqual([]);
    });

    test("what a run asked comes back whole, however long it is", () => {
      const store = storeOf();
      const [first, second, third] = [startRun(store), startRun(store), startRun(store)];
      const many = Array.from({ length: 1500 }, (_, index) => askedOf(`task ${String(index)}`, index / 3));
      expect(saveAsked(store, first, many)).toBeGreaterThan(2);
      saveAsked(store, second, many);
      saveAsked(store, third, [askedOf('a "name" · ü', null)]);
      expect(store.readAskedTasks(first)).toEqual(many);
      expect(store.readAskedTasks(second)).toEqual(many);
      expect(store.readAskedTasks(third)).toEqual([askedOf('a "name" · ü', null)]);
      expect(store.readAskedTasks(third + 1)).toBeNull();
      expect(() => saveAsked(store, third + 1, many)).toThrow(`no run ${String(third + 1)}`);
    });

    test("rows know who made them", () => {
      const store = storeOf();
      const [first, second] = [startRun(store), startRun(store)];
      store.saveRows(shardOf("dino", ["a", "b"], first));
      store.saveRows({ ...shardOf("dino", ["b", "c", "d"], second), madeBy: "gpu onnxruntime 1.30.0" });
      const makersOf = (...names: readonly string[]) =>
        store.findRowMakers(
          recipeOf("dino"),
          names.map((name) => hashOf(name)),
        );
      const cpu = { madeBy: "cpu onnxruntime 1.30.0", run: first };
      const gpu = { madeBy: "gpu onnxruntime 1.30.0", run: second };
      expect(makersOf("d", "a", "b", "c", "a", "unknown")).toEqual([
        { ...cpu, rows: 2 },
        { ...gpu, rows: 2 },
      ]);
      expect(makersOf("c")).toEqual([{ ...gpu, rows: 1 }]);
      expect(store.findRowMakers(recipeOf("unknown"), [hashOf("a")])).toEqual([]);
      expect(store.findRowProviders()).toEqual(["cpu onnxruntime 1.30.0", "gpu onnxruntime 1.30.0"]);
    });

    test("the questions are found that one artifact answers", () => {
      const store = storeOf();
      const run = startRun(store);
      const bytes = Buffer.from("same");
      const [one, two, other] = [
        answerOf({ name: "one", run, bytes }),
        answerOf({ name: "two", run, bytes }),
        answerOf({ name: "other", run }),
      ];
      for (const answer of [one, two, other]) store.saveAnswer(answer);
      expect([...store.findQuestionsOf(one.artifact)].sort()).toEqual([one.fingerprint, two.fingerprint].sort());
      expect(store.findQuestionsOf(digestNamed("unknown"))).toEqual([]);
    });
  });
}

function askedOf(label: string, score: number | null): AskedTask {
  return { label, fingerprint: fingerprintOf(label), outcome: "cached", reason: "stored", score };
}

/** How often the store let others run. */
function saveAsked(store: Store, run: number, tasks: readonly AskedTask[]): number {
  return [...store.saveAskedTasks(run, tasks)].length;
}
