import { describe, expect, test } from "vitest";
import { hashText, type Fingerprint } from "../../hash/digests.ts";
import type { NewAnswer, Store } from "../store.ts";
import { dayOf, type StoreInventory, type StoreRemoval } from "../upkeep.ts";
import {
  answerOf,
  contentKeyOf,
  digestNamed,
  fingerprintOf,
  hashOf,
  readRows,
  recipeOf,
  rowOf,
  shardOf,
  startRun,
  type AnswerParts,
} from "./sample-entries.ts";

export function describeUpkeep(storeOf: () => Store): void {
  describe("a verification", () => {
    test("reads everything, and finds a whole store whole", () => {
      const store = storeOf();
      const run = startRun(store);
      store.saveAnswer(askedOf({ name: "head", run, content: { recipe: "fit", input: "train" } }));
      store.saveAnswer(askedOf({ name: "long", run, bytes: Buffer.alloc((4 << 20) + 7, "long") }));
      store.saveAnswer(askedOf({ name: "empty", run, bytes: Buffer.alloc(0) }));
      store.saveRows(shardOf("dino", ["a", "b"], run));
      const report = toEnd(store.verify());
      expect(report.checked).toMatchObject({ question: 3, answer: 3, artifact: 3, content_answer: 1, feature_row: 2 });
      expect(report.bytes).toBe((4 << 20) + 7 + "bytes of head".length + 40);
      expect(report).toMatchObject({ damaged: {}, slots: [], rowPrograms: [] });
      expect(store.statistics()).toMatchObject({ answers: 3, rows: 2, damaged: 0 });
    });

    test("drops bytes that are not those of their digest, with every answer that they were, and tells whose", () => {
      const store = storeOf();
      const run = startRun(store);
      const content = { recipe: "fit", input: "train" };
      const lost = { ...askedOf({ name: "lost", run, content }), artifact: digestNamed("others") };
      const also = { ...askedOf({ name: "also", run }), artifact: digestNamed("others") };
      for (const answer of [lost, also, askedOf({ name: "kept", run })]) {
        store.saveAnswer(answer);
        store.saveRunTask({ ...answer, slot: `a.exp#${answer.manifest}`, outcome: "computed", reason: null });
      }
      const report = toEnd(store.verify());
      expect(report.damaged).toEqual({ artifact: 1 });
      expect(report.slots).toEqual(['a.exp#{"op":"also"}', 'a.exp#{"op":"lost"}']);
      expect(store.findAnswers([lost.fingerprint, also.fingerprint]).size).toBe(0);
      expect(store.findContentAnswer(recipeOf("fit"), contentKeyOf("fit on train"))).toBeNull();
      expect(store.statistics().answers).toBe(1);
      expect(toEnd(store.verify()).damaged).toEqual({});
    });

    test("forgets a manifest that the fingerprint is not the hash of, until it is asked again", () => {
      const store = storeOf();
      const answer = answerOf({ name: "head", run: startRun(store) });
      store.saveAnswer(answer);
      expect(toEnd(store.verify()).damaged).toEqual({ question: 1 });
      expect(store.readManifest(answer.fingerprint)).toBeNull();
      expect(store.findAnswers([answer.fingerprint]).size).toBe(1);
      expect(toEnd(store.verify()).damaged).toEqual({});
      store.saveAnswer(answer);
      expect(store.readManifest(answer.fingerprint)).toBe(answer.manifest);
    });
  });

  describe("an inventory", () => {
    test("lists what there is with its size and its age", () => {
      const store = storeOf();
      const run = startRun(store);
      const answer = answerOf({ name: "head", run, content: { recipe: "fit", input: "train" } });
      store.saveAnswer(answer);
      store.saveRows(shardOf("dino", ["a", "b"], run));
      const { fingerprint, artifact } = answer;
      const day = dayOf(new Date("2026-02-03"));
      const found = toEnd(store.takeInventory());
      expect(found.usedBytes).toBeGreaterThan(50);
      expect(found).toMatchObject({
        answers: [{ fingerprint, artifact, run, day }],
        contentAnswers: [{ recipe: recipeOf("fit"), key: contentKeyOf("fit on train"), artifact }],
        artifacts: [{ digest: artifact, kind: "score", bytes: "bytes of head".length }],
        shards: [{ recipe: recipeOf("dino"), examples: [hashOf("a"), hashOf("b")], bytesPerRow: 20, run, day }],
      });
    });

    test("knows the latest use, which later saves and other answers leave alone", () => {
      const store = storeOf();
      const run = startRun(store);
      const [used, unused] = [answerOf({ name: "used", run }), answerOf({ name: "unused", run })];
      store.saveAnswer(used);
      store.saveAnswer(unused);
      const dayNow = (answer: NewAnswer): number | undefined =>
        toEnd(store.takeInventory()).answers.find(({ fingerprint }) => fingerprint === answer.fingerprint)?.day;
      const made = dayOf(new Date("2026-02-03"));
      store.noteUse([used.fingerprint, fingerprintOf("unknown")], new Date("2026-03-05T23:59:59Z"));
      expect(dayNow(used)).toBe(made + 30);
      store.noteUse([used.fingerprint], new Date("2026-02-20T00:00:00Z"));
      store.saveAnswer(used);
      expect(dayNow(used)).toBe(made + 30);
      expect(dayNow(unused)).toBe(made);
      store.noteUse([unused.fingerprint], new Date("2026-01-01T00:00:00Z"));
      expect(dayNow(unused)).toBe(made);
    });

    test("of thousands of entries is complete", () => {
      const store = storeOf();
      const run = startRun(store);
      const names = Array.from({ length: 1201 }, (_, index) => String(index));
      for (const name of names) store.saveAnswer(answerOf({ name, run, content: { recipe: "fit", input: name } }));
      const { answers, contentAnswers, artifacts } = toEnd(store.takeInventory());
      const wanted = names.map((name) => fingerprintOf(name)).sort();
      expect(answers.map(({ fingerprint }) => fingerprint).sort()).toEqual(wanted);
      expect(new Set(contentAnswers.map(({ key }) => key)).size).toBe(names.length);
      expect(new Set(artifacts.map(({ digest }) => digest)).size).toBe(names.length);
    });
  });

  describe("a removal", () => {
    test("takes away exactly what it names", () => {
      const store = storeOf();
      const run = startRun(store);
      const [gone, kept] = ["gone", "kept"].map((name) =>
        answerOf({ name, run, content: { recipe: "fit", input: name } }),
      );
      store.saveAnswer(gone!);
      store.saveAnswer(kept!);
      toEnd(
        store.remove({
          ...nothing,
          answers: [gone!.fingerprint],
          contentAnswers: [{ recipe: recipeOf("fit"), key: contentKeyOf("fit on gone") }],
          artifacts: [gone!.artifact],
        }),
      );
      expect(namesOf(toEnd(store.takeInventory()))).toEqual({
        answers: [kept!.fingerprint],
        keys: [contentKeyOf("fit on kept")],
        artifacts: [kept!.artifact],
      });
      expect(store.readArtifact(gone!.artifact)).toBeNull();
      expect(store.readManifest(gone!.fingerprint)).toBe(gone!.manifest);
      store.saveAnswer(gone!);
      expect(store.readArtifact(gone!.artifact)?.bytes.length).toBe(gone!.bytes.length);
    });

    test("leaves an artifact that somebody refers to", () => {
      const store = storeOf();
      const run = startRun(store);
      const bytes = Buffer.from("same");
      const first = answerOf({ name: "first", run, bytes });
      const second = answerOf({ name: "second", run, bytes });
      const byContent = answerOf({ name: "third", run, content: { recipe: "fit", input: "train" } });
      for (const answer of [first, second, byContent]) store.saveAnswer(answer);
      const answers = [first.fingerprint, byContent.fingerprint, fingerprintOf("never there")];
      const artifacts = [first.artifact, byContent.artifact, digestNamed("never there")];
      toEnd(store.remove({ ...nothing, answers, artifacts }));
      expect(store.readArtifact(second.artifact)).not.toBeNull();
      expect(store.readArtifact(byContent.artifact)).not.toBeNull();
      expect(store.findAnswers([second.fingerprint]).size).toBe(1);
    });

    test("takes single rows, and their neighbours stay to the bit", () => {
      const store = storeOf();
      const run = startRun(store);
      store.saveRows(shardOf("dino", ["a", "b", "c", "d"], run));
      store.saveRows(shardOf("clip", ["a", "b"], run));
      expect(readRows(store, "dino", ["a", "b"]).absent).toEqual([]);
      const shards = toEnd(store.takeInventory()).shards;
      const dino = shards.find(({ recipe }) => recipe === recipeOf("dino"));
      toEnd(store.remove({ ...nothing, rows: [{ ...dino!, examples: [hashOf("a"), hashOf("c"), hashOf("z")] }] }));
      const { rows, absent } = readRows(store, "dino", ["a", "b", "c", "d"]);
      expect(absent).toEqual([hashOf("a"), hashOf("c")]);
      expect([rows[1], rows[3]]).toEqual([rowOf("b"), rowOf("d")]);
      expect(readRows(store, "clip", ["a", "b"]).absent).toEqual([]);
      expect(store.statistics()).toMatchObject({ rows: 4, damaged: 0 });
      store.saveRows(shardOf("dino", ["a", "c"], run));
      expect(readRows(store, "dino", ["a", "b", "c", "d"]).absent).toEqual([]);
    });

    test("takes whole shards", () => {
      const store = storeOf();
      const run = startRun(store);
      store.saveRows(shardOf("dino", ["a", "b"], run));
      toEnd(store.remove({ ...nothing, rows: toEnd(store.takeInventory()).shards }));
      expect(store.statistics()).toMatchObject({ rows: 0, rowBytes: 0 });
      expect(store.missingRows(recipeOf("dino"), [hashOf("a"), hashOf("b")])).toHaveLength(2);
      toEnd(store.giveBackSpace());
      store.saveRows(shardOf("dino", ["b"], run));
      expect(readRows(store, "dino", ["b"]).rows).toEqual([rowOf("b")]);
    });

    test("of history leaves the young, the answered and the newest of each slot", () => {
      const store = storeOf();
      const old = startRun(store);
      const young = store.startRun({ program: "a.exp", startedAt: new Date("2026-06-01"), environment: "{}" });
      const end = (name: string, run: number): void => {
        store.saveRunTask({ ...answerOf({ name, run }), slot: "a.exp#head", outcome: "failed", reason: null });
      };
      store.saveAnswer(answerOf({ name: "answered", run: old }));
      for (const name of ["forgotten", "answered"]) end(name, old);
      end("young", young);
      end("newest", old);
      const ends = (): readonly string[] => store.findRunTasks("a.exp#head", 9).map(({ fingerprint }) => fingerprint);
      const hashes = (...names: readonly string[]): readonly string[] => names.map((name) => fingerprintOf(name));
      toEnd(store.remove(nothing));
      expect(ends()).toEqual(hashes("newest", "young", "answered", "forgotten"));
      toEnd(store.remove({ ...nothing, historyBefore: new Date("2026-05-01") }));
      expect(ends()).toEqual(hashes("newest", "young", "answered"));
      expect(store.readManifest(fingerprintOf("forgotten"))).toBeNull();
      expect(store.readManifest(fingerprintOf("newest"))).not.toBeNull();
      expect(store.findMaker(fingerprintOf("answered"))?.run).toBe(old);
    });
  });
}

const nothing: StoreRemoval = { answers: [], contentAnswers: [], artifacts: [], rows: [], historyBefore: null };

/** An answer whose fingerprint is the hash of its manifest, as those of real runs are. */
function askedOf(parts: AnswerParts): NewAnswer {
  const answer = answerOf(parts);
  return { ...answer, fingerprint: hashText<Fingerprint>("fingerprint", answer.manifest) };
}

function namesOf({ answers, contentAnswers, artifacts }: StoreInventory) {
  return {
    answers: answers.map(({ fingerprint }) => fingerprint),
    keys: contentAnswers.map(({ key }) => key),
    artifacts: artifacts.map(({ digest }) => digest),
  };
}

function toEnd<Result>(steps: Generator<unknown, Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
