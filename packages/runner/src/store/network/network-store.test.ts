import { existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { answerOf, readRows, rowOf, shardOf, startRun } from "../contract/sample-entries.ts";
import { makeTemporaryFolder } from "../contract/temporary-folder.ts";
import { StoreError, type Store } from "../store.ts";
import { openStore, type OpenStoreOptions } from "../sqlite/open-store.ts";

const network = { isNetwork: true, name: null };
const local = { isNetwork: false, name: null };

function open(folder: string, options: OpenStoreOptions = {}): Store {
  const store = openStore(folder, { fileSystem: network, shardBudget: 0, ...options });
  onTestFinished(() => {
    try {
      store.close();
    } catch {
      // A test may have closed it.
    }
  });
  return store;
}

function errorOf(work: () => unknown): StoreError {
  try {
    work();
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
  throw new Error("Nothing was thrown.");
}

/** An answer, and rows in a file of their own. */
function fill(store: Store): ReturnType<typeof answerOf> {
  const run = startRun(store);
  const answer = answerOf({ name: "head", run });
  store.saveAnswer(answer);
  store.saveRows(shardOf("dino", ["a", "b"], run));
  return answer;
}

const logsIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /-(wal|shm)$/.test(name));

test("keeps no log that machines would have to share", () => {
  const folder = makeTemporaryFolder();
  const store = open(folder);
  fill(store);
  expect(logsIn(folder)).toEqual([]);
  expect(existsSync(join(folder, "store.lock"))).toBe(true);
  store.close();
  expect(existsSync(join(folder, "store.lock"))).toBe(false);
});

test("a store that was local becomes one, and local again", () => {
  const folder = makeTemporaryFolder();
  const before = open(folder, { fileSystem: local });
  const answer = fill(before);
  before.close();
  const moved = open(folder);
  expect(moved.findAnswers([answer.fingerprint]).size).toBe(1);
  expect(readRows(moved, "dino", ["a"]).rows).toEqual([rowOf("a")]);
  moved.saveRows(shardOf("dino", ["c"], startRun(moved)));
  expect(logsIn(folder)).toEqual([]);
  moved.close();
  const again = open(folder, { fileSystem: local });
  expect(readRows(again, "dino", ["a", "b", "c"]).absent).toEqual([]);
  expect(again.statistics().damaged).toBe(0);
});

test("one process writes, others read what it has written", () => {
  const folder = makeTemporaryFolder();
  const writer = open(folder);
  const answer = fill(writer);
  expect(errorOf(() => open(folder))).toMatchObject({ code: "store-busy" });
  const reader = open(folder, { isReader: true });
  expect(reader.findAnswers([answer.fingerprint]).size).toBe(1);
  writer.saveRows(shardOf("dino", ["c"], startRun(writer)));
  expect(readRows(reader, "dino", ["a", "c"]).rows).toEqual([rowOf("a"), rowOf("c")]);
  // What it would note for the next one it leaves; what would be lost without a word, it refuses.
  reader.noteUse([answer.fingerprint], new Date());
  reader.dropArtifact(answer.artifact);
  expect(reader.readArtifact(answer.artifact)).not.toBeNull();
  expect(errorOf(() => startRun(reader))).toMatchObject({ code: "store-unwritable" });
});

test("who reads makes the file ready where nobody writes", () => {
  const folder = makeTemporaryFolder();
  const before = open(folder, { fileSystem: local });
  const answer = fill(before);
  before.close();
  const reader = open(folder, { isReader: true });
  expect(reader.findAnswers([answer.fingerprint]).size).toBe(1);
  expect(existsSync(join(folder, "store.lock"))).toBe(true);
});

test("a process that has lost its lock writes nothing more", () => {
  const folder = makeTemporaryFolder();
  const store = open(folder);
  const run = startRun(store);
  rmSync(join(folder, "store.lock"));
  const late = answerOf({ name: "late", run });
  expect(errorOf(() => store.saveAnswer(late))).toMatchObject({ code: "store-busy" });
  expect(store.findAnswers([late.fingerprint]).size).toBe(0);
  const next = open(folder);
  expect(next.findAnswers([late.fingerprint]).size).toBe(0);
});

test("a lock of another machine is believed on a local disk too", () => {
  const folder = makeTemporaryFolder();
  open(folder, { fileSystem: local }).close();
  const lock = join(folder, "store.lock");
  const other = { id: "other", host: "elsewhere", pid: 7, processStart: null };
  const holder = { holder: other, since: "2026-02-03T04:05:06.000Z" };
  writeFileSync(lock, JSON.stringify(holder));
  expect(errorOf(() => openStore(folder)).message).toContain("process 7 on elsewhere");
  expect(readFileSync(lock, "utf8")).toBe(JSON.stringify(holder));
  const long = new Date(Date.now() - 3_600_000);
  utimesSync(lock, long, long);
  openStore(folder).close();
  expect(existsSync(lock)).toBe(false);
});
