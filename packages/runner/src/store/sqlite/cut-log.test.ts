import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hashText, type Fingerprint } from "../../hash/digests.ts";
import { answerOf, hashOf, readRows, recipeOf, rowOf, shardOf } from "../contract/sample-entries.ts";
import { randomFrom } from "../contract/random-from.ts";
import { makeTemporaryFolder } from "../contract/temporary-folder.ts";
import type { Store } from "../store.ts";
import { openStore } from "./open-store.ts";

const count = 6;
const steps = Array.from({ length: 3 * count }, (_, index) => index);
const nameOf = (step: number): string => `step ${String(step)}`;
/** The question of a step; unlike a sample answer's, its fingerprint is that of its manifest. */
const questionOf = (step: number): { readonly fingerprint: Fingerprint; readonly manifest: string } => {
  const { manifest } = answerOf({ name: nameOf(step), run: 1 });
  return { manifest, fingerprint: hashText<Fingerprint>("fingerprint", manifest) };
};
const rowNames = (step: number): readonly string[] => [0, 1, 2].map((row) => `${nameOf(step)} row ${String(row)}`);

/** A write-ahead log begins with a header; then come frames: a header and a page each. */
const [logHeader, frame] = [32, 24 + 16384];

const cutsAtRandom = 1000;

test("a log cut anywhere leaves the store as it was after some transaction", { timeout: 300_000 }, () => {
  const folder = makeTemporaryFolder();
  const whole = join(folder, "whole");
  const store = openStore(whole);
  writeSteps(store);
  // Closing the store would empty the log.
  const file = readFileSync(join(whole, "store.sqlite"));
  const log = readFileSync(join(whole, "store.sqlite-wal"));
  store.close();
  const frames = (log.length - logHeader) / frame;
  expect(frames).toBeGreaterThan(50);

  const boundaries = Array.from({ length: frames + 1 }, (_, index) => logHeader + index * frame);
  const random = randomFrom(20_261_124);
  const anywhere = Array.from({ length: cutsAtRandom }, () => Math.floor(random() * log.length));
  const reached = new Set<number>();
  let doneBefore = 0;
  for (const cut of [...boundaries, ...anywhere].sort((a, b) => a - b)) {
    const own = join(folder, "cut");
    mkdirSync(own);
    writeFileSync(join(own, "store.sqlite"), file);
    writeFileSync(join(own, "store.sqlite-wal"), log.subarray(0, cut));
    const left = openStore(own);
    const done = countSteps(left);
    expect(verify(left), `cut at ${String(cut)}`).toEqual({});
    left.close();
    // More of the log never means less of the history.
    expect(done, `cut at ${String(cut)}`).toBeGreaterThanOrEqual(doneBefore);
    doneBefore = done;
    reached.add(done);
    rmSync(own, { recursive: true });
  }
  // Every transaction has a frame at whose end the log may be cut.
  expect([...reached]).toEqual([0, ...steps.map((step) => step + 1)]);
});

/** One transaction for each. */
function writeSteps(store: Store): void {
  const run = store.startRun({ program: "table.exp", startedAt: new Date(0), environment: "{}" });
  for (const step of steps) {
    const name = nameOf(step);
    const sample = answerOf({ name, run, bytes: bytesOf(step), content: { recipe: "fit", input: name } });
    const answer = { ...sample, ...questionOf(step) };
    if (step % 3 === 0) store.saveAnswer(answer);
    if (step % 3 === 1) store.saveRows(shardOf("dino", rowNames(step), run));
    if (step % 3 === 2) store.saveRunTask({ ...answer, slot: name, outcome: "failed", reason: null });
  }
}

/** Some longer than a page. */
function bytesOf(step: number): Buffer {
  return Buffer.alloc(10 + (step % 4) * 9000, nameOf(step));
}

/** How many steps there are; all of the first ones, each whole, and nothing of those after them. */
function countSteps(store: Store): number {
  const isThere = steps.map((step) => {
    if (step % 3 === 0) return isAnswerThere(store, step);
    return step % 3 === 1 ? areRowsThere(store, step) : store.findRunTasks(nameOf(step), 1).length === 1;
  });
  const done = isThere.filter(Boolean).length;
  expect(isThere.slice(0, done)).toEqual(Array.from({ length: done }, () => true));
  return done;
}

function isAnswerThere(store: Store, step: number): boolean {
  const { artifact, kind, bytes } = answerOf({ name: nameOf(step), run: 1, bytes: bytesOf(step) });
  const { fingerprint } = questionOf(step);
  const found = store.findAnswers([fingerprint]).get(fingerprint);
  if (found === undefined) return false;
  expect(found).toEqual({ artifact, kind });
  expect(Buffer.from(store.readArtifact(artifact)!.bytes).equals(bytes)).toBe(true);
  return true;
}

function areRowsThere(store: Store, step: number): boolean {
  const names = rowNames(step);
  const examples = names.map((name) => hashOf(name));
  const missing = store.missingRows(recipeOf("dino"), examples);
  if (missing.length === examples.length) return false;
  expect(missing).toEqual([]);
  expect(readRows(store, "dino", names)).toEqual({ rows: names.map((name) => rowOf(name)), absent: [] });
  return true;
}

/** What is damaged; nothing. */
function verify(store: Store): Readonly<Record<string, number>> {
  const going = store.verify();
  for (;;) {
    const step = going.next();
    if (step.done === true) return step.value.damaged;
  }
}
