import { expect, it } from "vitest";
import { answerOf } from "../../store/contract/sample-entries.ts";
import { openMemoryStore } from "../../store/memory/memory-store.ts";
import type { AskedTask, RunId, Store, StoredRun } from "../../store/store.ts";
import type { Manifest } from "../../1-plan/manifest.ts";
import { hashDocument, type Fingerprint } from "../../hash/digests.ts";
import type { Json } from "../../hash/canonical-json.ts";
import { compareRuns } from "./compare-runs.ts";

interface Question {
  readonly fingerprint: Fingerprint;
  readonly manifest: string;
}

function ask(op: string, params: Manifest["params"], inputs: Readonly<Record<string, Question>> = {}): Question {
  const fingerprints = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.fingerprint]));
  const document: Json = { format: 1, op, version: 1, params, files: {}, libraries: {}, inputs: fingerprints };
  return { fingerprint: hashDocument<Fingerprint>("fingerprint", document), manifest: JSON.stringify(document) };
}

/** A run that worked on all of its tasks; a killed one has no list of what it asked. */
function runOf(store: Store, questions: Readonly<Record<string, Question>>, wasKilled = false): StoredRun {
  const run: RunId = store.startRun({ program: "a.exp", startedAt: new Date(0), environment: "{}" });
  for (const [label, question] of Object.entries(questions)) {
    store.saveAnswer({ ...answerOf({ name: label, run }), kind: "features", ...question });
    store.saveRunTask({ run, slot: `a.exp#${label}`, ...question, outcome: "computed", reason: null, seconds: 1 });
  }
  const asked = Object.entries(questions).map(([label, { fingerprint }]): AskedTask => {
    return { label, fingerprint, outcome: "computed", reason: null, score: null };
  });
  if (!wasKilled) Array.from(store.saveAskedTasks(run, asked));
  return store.findRun(run)!;
}

it("a change is told where it was made, not where it is felt", () => {
  const store = openMemoryStore();
  const [small, large] = [ask("vit", { width: 8 }), ask("vit", { width: 16 })];
  const before = runOf(store, { net: small, fit: ask("knn", { k: 3 }, { features: small }) });
  const now = runOf(store, { net: large, fit: ask("knn", { k: 3 }, { features: large }) });
  expect(compareRuns(before, now, store).questions).toEqual({
    roots: [{ label: "net", field: "width", before: "8", now: "16" }],
    unknown: [],
  });
});

it("an input from another task is a change of its own", () => {
  const store = openMemoryStore();
  const [one, two] = [ask("vit", { width: 8 }), ask("onnx", {})];
  const before = runOf(store, { one, two, fit: ask("knn", {}, { features: one }) });
  const now = runOf(store, { one, two, fit: ask("knn", {}, { features: two, weights: one }) });
  expect(compareRuns(before, now, store).questions.roots).toEqual([
    { label: "fit", field: "input features", before: "one", now: "two" },
    { label: "fit", field: "input weights", before: "absent", now: "one" },
  ]);
});

it("of a killed run, what it worked on is known", () => {
  const store = openMemoryStore();
  const before = runOf(store, { net: ask("vit", { width: 8 }), fit: ask("knn", {}) });
  const now = runOf(store, { net: ask("vit", { width: 9 }) }, true);
  const { tasks, now: killed, questions } = compareRuns(before, now, store);
  expect(killed.isWhole).toBe(false);
  expect(tasks.both.map((pair) => pair.now.label)).toEqual(["net"]);
  expect(tasks.onlyBefore.map(({ label }) => label)).toEqual(["fit"]);
  expect(questions.roots).toHaveLength(1);
});

it("a question that the store does not know is named", () => {
  const store = openMemoryStore();
  const before = runOf(store, { net: ask("vit", { width: 8 }) });
  const run = store.startRun({ program: "a.exp", startedAt: new Date(0), environment: "{}" });
  const fingerprint = ask("vit", { width: 9 }).fingerprint;
  const skipped: AskedTask = { label: "net", fingerprint, outcome: "skipped", reason: null, score: null };
  Array.from(store.saveAskedTasks(run, [skipped]));
  expect(compareRuns(before, store.findRun(run)!, store).questions).toEqual({ roots: [], unknown: ["net"] });
});
