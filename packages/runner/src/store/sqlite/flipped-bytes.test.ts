import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
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
} from "../contract/sample-entries.ts";
import { randomFrom } from "../contract/random-from.ts";
import { makeTemporaryFolder } from "../contract/temporary-folder.ts";
import { StoreError, type FileStat, type RunId, type Store } from "../store.ts";
import { openStore } from "./open-store.ts";

const names = Array.from({ length: 40 }, (_, index) => `entry ${String(index)}`);
const fingerprints = names.map((name) => fingerprintOf(name));
const stat: FileStat = { device: 1n, inode: 2n, size: 3n, mtimeNs: 4n, ctimeNs: 5n };
const weightFiles = [{ name: "model.safetensors", digest: digestNamed("model"), bytes: 7, revision: "0".repeat(40) }];

test("a file with flipped bytes gives right entries, none, or an error that says so", () => {
  const folder = makeTemporaryFolder();
  const whole = fill(join(folder, "whole"));
  const random = randomFrom(20260203);
  const outcomes = { refused: 0, healed: 0, lossy: 0 };
  for (let trial = 0; trial < 120; trial++) {
    const copy = join(folder, String(trial));
    mkdirSync(copy);
    writeFileSync(join(copy, "store.sqlite"), flip(whole.bytes, random, trial % 2 === 0));
    try {
      const store = openStore(copy);
      try {
        expectNothingWrong(store, whole.key);
        saveAll(store);
        // What was given up while reading can be stored anew, unless a page stays unusable.
        const counts = Object.values(expectNothingWrong(store, whole.key));
        outcomes[counts.every((count) => count === names.length) ? "healed" : "lossy"] += 1;
      } finally {
        store.close();
      }
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      outcomes.refused += 1;
    }
  }
  expect(outcomes.healed).toBeGreaterThan(60);
  expect(outcomes.refused).toBeGreaterThan(5);
});

function fill(folder: string): { readonly bytes: Buffer; readonly key: Uint8Array } {
  const store = openStore(folder);
  saveAll(store);
  const key = store.pseudonymKey();
  store.close();
  return { bytes: readFileSync(join(folder, "store.sqlite")), key };
}

function saveAll(store: Store): RunId {
  const run = startRun(store);
  for (const name of names) {
    const bytes = bytesOf(name);
    store.saveAnswer(answerOf({ name, run, bytes, content: { recipe: "fit", input: name } }));
    store.saveRunTask({ ...answerOf({ name, run }), slot: name, outcome: "computed", reason: null });
  }
  for (let start = 0; start < names.length; start += 8)
    store.saveRows(shardOf("dino", names.slice(start, start + 8), run));
  store.saveFileDigests([{ stat, digest: digestNamed("file") }]);
  store.saveWeightSource("weights", weightFiles);
  return run;
}

/** Sizes on both sides of what fits into one page. */
function bytesOf(name: string): Buffer {
  return Buffer.alloc(10 + (Number(name.slice(6)) % 5) * 9000, name);
}

/** Reads everything in every way; returns how much was there. */
function expectNothingWrong(store: Store, key: Uint8Array) {
  const answers = store.findAnswers(fingerprints);
  let artifacts = 0;
  names.forEach((name, index) => {
    const fingerprint = fingerprints[index]!;
    const truth = answerOf({ name, run: 1, bytes: bytesOf(name) });
    const answer = answers.get(fingerprint);
    if (answer !== undefined) expect(answer).toEqual({ artifact: truth.artifact, kind: "score" });
    const artifact = store.readArtifact(truth.artifact);
    if (artifact !== null) expect(Buffer.from(artifact.bytes).equals(bytesOf(name))).toBe(true);
    if (artifact !== null) artifacts += 1;
    expect([null, truth.manifest]).toContain(store.readManifest(fingerprint));
    for (const task of store.findRunTasks(name, 9)) expect(task).toMatchObject({ fingerprint, outcome: "computed" });
    expect([undefined, "table.exp"]).toContain(store.findMaker(fingerprint)?.program);
  });
  const contents = names.flatMap((name) => {
    const content = store.findContentAnswer(recipeOf("fit"), contentKeyOf(`fit on ${name}`));
    const { artifact } = answerOf({ name, run: 1, bytes: bytesOf(name) });
    if (content !== null) expect(content).toEqual({ inputs: { examples: hashOf(name) }, artifact, kind: "score" });
    return content ?? [];
  });
  const formers = store.findFormerAnswers(names);
  for (const [name, artifact] of formers) {
    expect(artifact).toBe(answerOf({ name, run: 1, bytes: bytesOf(name) }).artifact);
  }
  expect([null, hashOf("file")]).toContain(store.findFileDigest(stat));
  const weights = store.findWeightSource("weights");
  if (weights !== null) expect(weights).toEqual(weightFiles);
  expect(store.pseudonymKey()).toEqual(key);
  return {
    answers: answers.size,
    contents: contents.length,
    formers: formers.size,
    artifacts,
    rows: expectRows(store),
  };
}

function expectRows(store: Store): number {
  if (store.readLayout(recipeOf("dino")) === null) return 0;
  const { rows, absent } = readRows(store, "dino", names);
  names.forEach((name, index) => {
    if (!absent.includes(hashOf(name))) expect(rows[index]).toEqual(rowOf(name));
  });
  return names.length - absent.length;
}

/** Anywhere in the file, or among the first bytes of a page, which hold its structure. */
function flip(bytes: Buffer, random: () => number, inStructure: boolean): Buffer {
  const flipped = Buffer.from(bytes);
  const pages = bytes.length / 16384;
  const start = inStructure
    ? Math.floor(random() * pages) * 16384 + Math.floor(random() * 60)
    : Math.floor(random() * bytes.length);
  const length = 1 + Math.floor(random() * 40);
  for (let at = start; at < Math.min(start + length, bytes.length); at++) {
    flipped[at] = (flipped[at] ?? 0) ^ (1 + Math.floor(random() * 255));
  }
  return flipped;
}
