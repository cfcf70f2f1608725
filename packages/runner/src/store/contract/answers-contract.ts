import { describe, expect, test } from "vitest";
import { digestOf, type Digest, type Fingerprint } from "../../hash/digests.ts";
import type { Store } from "../store.ts";
import { answerOf, contentKeyOf, digestNamed, fingerprintOf, recipeOf, startRun } from "./sample-entries.ts";

export function describeAnswers(storeOf: () => Store): void {
  describe("answers", () => {
    test("a saved answer is found with its bytes and its manifest", () => {
      const store = storeOf();
      const answer = answerOf({ name: "head", run: startRun(store) });
      store.saveAnswer(answer);
      const found = store.findAnswers([fingerprintOf("unknown"), answer.fingerprint]);
      expect([...found]).toEqual([[answer.fingerprint, { artifact: answer.artifact, kind: "score" }]]);
      const stored = store.readArtifact(answer.artifact);
      expect(stored?.kind).toBe("score");
      expect(Buffer.from(stored?.bytes ?? []).toString()).toBe("bytes of head");
      expect(store.readManifest(answer.fingerprint)).toBe('{"op":"head"}');
    });

    test("what was never saved is null", () => {
      const store = storeOf();
      expect(store.findAnswers([fingerprintOf("head")]).size).toBe(0);
      expect(store.readArtifact(digestNamed("bytes"))).toBeNull();
      expect(store.readManifest(fingerprintOf("head"))).toBeNull();
      expect(store.findContentAnswer(recipeOf("recipe"), contentKeyOf("recipe on train"))).toBeNull();
    });

    test("an answer that is there already is left as it is", () => {
      const store = storeOf();
      const run = startRun(store);
      const first = answerOf({ name: "head", run });
      store.saveAnswer(first);
      store.saveAnswer(answerOf({ name: "head", run, bytes: Buffer.from("other bytes") }));
      expect(store.findAnswers([first.fingerprint]).get(first.fingerprint)?.artifact).toBe(first.artifact);
    });

    test.each([0, 1, 4 << 20, (4 << 20) + 1, 9_500_000])("%i bytes come back as they were", (length) => {
      const store = storeOf();
      const bytes = Buffer.alloc(length, "a pattern of 27 characters.");
      const answer = answerOf({ name: "long", run: startRun(store), bytes });
      store.saveAnswer(answer);
      const stored = store.readArtifact(answer.artifact);
      expect(stored?.bytes.length).toBe(length);
      expect(digestOf(stored?.bytes ?? new Uint8Array(1))).toBe(answer.artifact);
    });

    test("many artifacts come at once, each by its digest, and those that are absent do not", () => {
      const store = storeOf();
      const run = startRun(store);
      const saved = Array.from({ length: 3000 }, (_, index) => answerOf({ name: String(index), run }));
      for (const answer of saved) store.saveAnswer(answer);
      const digests = saved.map(({ artifact }) => artifact);
      const found = store.readArtifacts([digestNamed("lost"), ...digests, ...digests.slice(0, 2)]);
      expect([...found.keys()]).toEqual(digests);
      for (const { artifact, kind } of saved) {
        expect(found.get(artifact)?.kind).toBe(kind);
        expect(digestOf(found.get(artifact)?.bytes ?? new Uint8Array())).toBe(artifact);
      }
      expect(store.readArtifacts([])).toEqual(new Map());
    });

    test("what is handed in and out may be overwritten afterwards", () => {
      const store = storeOf();
      const bytes = Buffer.from("kept");
      const answer = answerOf({ name: "head", run: startRun(store), bytes });
      store.saveAnswer(answer);
      bytes.fill(0);
      store.readArtifact(answer.artifact)?.bytes.fill(0);
      expect(Buffer.from(store.readArtifact(answer.artifact)?.bytes ?? []).toString()).toBe("kept");
    });

    test("is found by the bytes of its inputs", () => {
      const store = storeOf();
      const run = startRun(store);
      const first = answerOf({ name: "one", run, content: { recipe: "fit", input: "train" } });
      const second = answerOf({ name: "two", run, content: { recipe: "fit", input: "grown train" } });
      store.saveAnswer(first);
      store.saveAnswer(second);
      store.saveAnswer(answerOf({ name: "three", run, content: { recipe: "other", input: "train" } }));
      store.saveAnswer(answerOf({ name: "one again", run, content: { recipe: "fit", input: "train" } }));
      const find = (recipe: string, key: string) => store.findContentAnswer(recipeOf(recipe), contentKeyOf(key));
      for (const { content, artifact } of [first, second]) {
        const found = store.findContentAnswer(recipeOf("fit"), content?.key ?? contentKeyOf(""));
        expect(found).toEqual({ inputs: content?.inputs, artifact, kind: "score" });
      }
      expect(find("fit", "other on train")).toBeNull();
      expect(find("other", "fit on train")).toBeNull();
      expect(find("other", "other on train")?.artifact).toBe(answerOf({ name: "three", run }).artifact);
    });

    test("a linked question has the artifact as its answer", () => {
      const store = storeOf();
      const run = startRun(store);
      const { artifact, kind, ...answer } = answerOf({ name: "old", run });
      store.saveAnswer({ artifact, kind, ...answer });
      const fingerprint = fingerprintOf("new");
      store.linkAnswer({ fingerprint, manifest: '{"op":"new"}', kind, artifact, run });
      expect(store.findAnswers([fingerprint]).get(fingerprint)).toEqual({ artifact, kind });
      expect(store.readManifest(fingerprint)).toBe('{"op":"new"}');
      expect(store.findMaker(fingerprint)).toMatchObject({ run, seconds: 0 });
    });

    test("a link to an artifact that is not there answers nothing", () => {
      const store = storeOf();
      const fingerprint = fingerprintOf("new");
      const artifact = digestNamed("lost");
      store.linkAnswer({ fingerprint, manifest: "{}", kind: "score", artifact, run: startRun(store) });
      expect(store.findAnswers([fingerprint]).size).toBe(0);
      expect(store.readManifest(fingerprint)).toBe("{}");
    });

    test("a dropped artifact goes with every answer that it was, and nothing else", () => {
      const store = storeOf();
      const run = startRun(store);
      const bytes = Buffer.alloc((4 << 20) + 5, "same bytes");
      const one = answerOf({ name: "one", run, bytes, content: { recipe: "fit", input: "train" } });
      const two = answerOf({ name: "two", run, bytes });
      const other = answerOf({ name: "other", run, content: { recipe: "fit", input: "test" } });
      for (const answer of [one, two, other]) store.saveAnswer(answer);
      store.dropArtifact(one.artifact);
      expect(store.readArtifact(one.artifact)).toBeNull();
      expect([...store.findAnswers([one, two, other].map(({ fingerprint }) => fingerprint)).keys()]).toEqual([
        other.fingerprint,
      ]);
      expect(store.findContentAnswer(recipeOf("fit"), contentKeyOf("fit on train"))).toBeNull();
      expect(store.findContentAnswer(recipeOf("fit"), contentKeyOf("fit on test"))?.artifact).toBe(other.artifact);
      expect(store.readManifest(one.fingerprint)).toBe(one.manifest);
      expect(store.findMaker(one.fingerprint)).toBeNull();
      expect(store.statistics()).toMatchObject({ answers: 1, artifacts: 1, damaged: 0 });
    });

    test("a dropped artifact can be saved again, by another answer's bytes too", () => {
      const store = storeOf();
      const run = startRun(store);
      const answer = answerOf({ name: "head", run, content: { recipe: "fit", input: "train" } });
      const fresh = answerOf({
        name: "head",
        run,
        bytes: Buffer.from("fresh"),
        content: { recipe: "fit", input: "train" },
      });
      store.saveAnswer(answer);
      store.dropArtifact(answer.artifact);
      store.dropArtifact(answer.artifact);
      store.dropArtifact(digestNamed("never there"));
      store.saveAnswer(fresh);
      expect(store.findAnswers([answer.fingerprint]).get(answer.fingerprint)?.artifact).toBe(fresh.artifact);
      expect(store.findContentAnswer(recipeOf("fit"), contentKeyOf("fit on train"))?.artifact).toBe(fresh.artifact);
      store.saveAnswer(answerOf({ name: "again", run, bytes: answer.bytes }));
      expect(Buffer.from(store.readArtifact(answer.artifact)?.bytes ?? []).toString()).toBe("bytes of head");
    });

    test("refuses the same bytes as two kinds, and keeps nothing of the second", () => {
      const store = storeOf();
      const run = startRun(store);
      store.saveAnswer(answerOf({ name: "score", run, bytes: Buffer.from("same") }));
      const other = { ...answerOf({ name: "dataset", run, bytes: Buffer.from("same") }), kind: "dataset" };
      expect(() => {
        store.saveAnswer(other);
      }).toThrow("stored as an artifact of kind score and now come as dataset");
      expect(store.findAnswers([other.fingerprint]).size).toBe(0);
      expect(store.readManifest(other.fingerprint)).toBeNull();
    });

    test("refuses keys that are no hashes", () => {
      const store = storeOf();
      const answer = answerOf({ name: "head", run: startRun(store) });
      const key = "not a hash" as Fingerprint & Digest;
      expect(() => store.findAnswers([key])).toThrow("SHA-256");
      expect(() => store.readArtifact(key)).toThrow("SHA-256");
      expect(() => {
        store.saveAnswer({ ...answer, fingerprint: key });
      }).toThrow("SHA-256");
      expect(() => {
        store.saveAnswer({ ...answer, artifact: key });
      }).toThrow("SHA-256");
    });
  });
}
