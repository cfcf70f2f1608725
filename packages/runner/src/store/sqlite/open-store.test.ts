import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { answerOf, shardOf, startRun } from "../contract/sample-entries.ts";
import { makeTemporaryFolder } from "../contract/temporary-folder.ts";
import { StoreError, type Store } from "../store.ts";
import { openConnection, type Connection } from "./connection.ts";
import { entryCheck } from "./entry-check.ts";
import { createFirstTables } from "./migrations/0001-first-tables.ts";
import { migrations } from "./migrations.ts";
import { openStore } from "./open-store.ts";
import { createSqliteStore } from "./sqlite-store.ts";

describe("a new store", () => {
  test("lies in a folder that git ignores", () => {
    const folder = join(makeTemporaryFolder(), "project", ".exp");
    openStore(folder).close();
    expect(readFileSync(join(folder, ".gitignore"), "utf8")).toBe("*\n");
    expect(existsSync(join(folder, "store.sqlite"))).toBe(true);
    expect(existsSync(join(folder, "store.sqlite-wal"))).toBe(false);
  });

  test.each(["one of its own name", "new"])("in a folder that is %s, git ignores it", (which) => {
    const folder = join(makeTemporaryFolder(), which === "new" ? "answers" : ".exp");
    if (which !== "new") mkdirSync(folder);
    openStore(folder).close();
    expect(readFileSync(join(folder, ".gitignore"), "utf8")).toBe("*\n");
  });

  test("leaves what git sees of the user's own folder as it is", () => {
    const folder = makeTemporaryFolder();
    writeFileSync(join(folder, "notes.txt"), "Mine.");
    openStore(folder).close();
    expect(readdirSync(folder)).toEqual(["notes.txt", "store.sqlite"]);
    const own = join(folder, ".exp");
    mkdirSync(own);
    writeFileSync(join(own, ".gitignore"), "store.sqlite\n");
    openStore(own).close();
    expect(readFileSync(join(own, ".gitignore"), "utf8")).toBe("store.sqlite\n");
  });

  test("has the file format that can never be changed later", () => {
    const folder = makeTemporaryFolder();
    openStore(folder).close();
    const connection = openRaw(join(folder, "store.sqlite"));
    const pragmas = ["page_size", "auto_vacuum", "journal_mode", "application_id", "user_version"];
    expect(pragmas.map((name) => connection.pragma(name, { simple: true }))).toEqual([
      16384,
      2,
      "wal",
      0x45585031,
      migrations.length,
    ]);
  });
});

test("a store of the first schema is brought up to date with what it holds", () => {
  const folder = makeTemporaryFolder();
  const connection = new Database(join(folder, "store.sqlite"));
  connection.pragma("page_size = 16384");
  connection.pragma("auto_vacuum = INCREMENTAL");
  migrations[0]?.(connection);
  connection.pragma(`application_id = ${String(0x45585031)}`);
  connection.pragma("user_version = 1");
  connection.exec(
    "insert into run values (1, 'old.exp', 0, '{}', x'00', null, null); " +
      `insert into question values (1, x'${"01".repeat(32)}', '{}', x'00'); ` +
      `insert into artifact values (1, x'${"02".repeat(32)}', 'score', 0, x'00'); ` +
      `insert into answer values (x'${"01".repeat(32)}', x'${"02".repeat(32)}', 'score', 1, 1, x'00')`,
  );
  connection.close();
  const store = openStore(folder);
  expect(store.statistics()).toMatchObject({ answers: 1, artifacts: 1, runs: 1 });
  const answer = answerOf({ name: "head", run: startRun(store) });
  store.saveAnswer(answer);
  store.noteUse([answer.fingerprint], new Date());
  expect(store.findAnswers([answer.fingerprint]).size).toBe(1);
  store.close();
});

describe("a file that is no store of this version is left as it is", () => {
  test("another program's database", () => {
    const folder = makeTemporaryFolder();
    const path = join(folder, "store.sqlite");
    openRaw(path).exec("create table notes (text)");
    const before = readFileSync(path);
    expect(errorOf(() => openStore(folder))).toMatchObject({ code: "store-foreign" });
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test("not a database", () => {
    const folder = makeTemporaryFolder();
    const path = join(folder, "store.sqlite");
    writeFileSync(path, "a text that is long enough to be taken for a header ".repeat(40));
    const error = errorOf(() => openStore(folder));
    expect(error.code).toBe("store-foreign");
    expect(error.message).toContain(path);
    expect(error.hint).toContain("--store");
  });

  test("a newer schema", () => {
    const folder = makeTemporaryFolder();
    openStore(folder).close();
    openRaw(join(folder, "store.sqlite")).pragma(`user_version = ${String(migrations.length + 1)}`);
    expect(errorOf(() => openStore(folder))).toMatchObject({ code: "store-newer" });
  });
});

describe("a place that cannot be written", () => {
  test("a file where the folder should be", () => {
    const file = join(makeTemporaryFolder(), "file");
    writeFileSync(file, "");
    expect(errorOf(() => openStore(file))).toMatchObject({ code: "store-unwritable" });
    expect(errorOf(() => openStore(join(file, ".exp")))).toMatchObject({ code: "store-unwritable" });
  });

  test("a folder where the file should be", () => {
    const folder = makeTemporaryFolder();
    mkdirSync(join(folder, "store.sqlite"));
    expect(errorOf(() => openStore(folder))).toMatchObject({ code: "store-unwritable" });
  });

  test("a connection that may only read", () => {
    const folder = makeTemporaryFolder();
    const path = join(folder, "store.sqlite");
    openStore(folder).close();
    const connection = openConnection(path);
    const store = openOn(connection, path);
    connection.pragma("query_only = ON");
    expect(errorOf(() => startRun(store))).toMatchObject({ code: "store-unwritable" });
  });
});

test("a store of the first schema keeps its history", () => {
  const folder = makeTemporaryFolder();
  const old = new Database(join(folder, "store.sqlite"));
  createFirstTables(old);
  old.pragma("application_id = 1163415601");
  old.pragma("user_version = 1");
  const startedAt = Date.parse("2026-02-03T04:05:06Z");
  const check = (table: string, fields: readonly (string | number | null)[]) => entryCheck(table, fields);
  const { fingerprint, manifest } = answerOf({ name: "head", run: 1 });
  old
    .prepare(
      "insert into run (id, program, started_at, environment, entry_check) values (1, 'old.exp', ?, '{}', unhex(?))",
    )
    .run(startedAt, check("run", ["old.exp", startedAt, "{}"]));
  old
    .prepare("insert into question (id, fingerprint, manifest, entry_check) values (1, unhex(?), ?, unhex(?))")
    .run(fingerprint, manifest, check("question", [fingerprint, manifest]));
  old.exec("insert into slot (id, name) values (1, 'old.exp#head')");
  old
    .prepare(
      "insert into run_task (run, slot, question, outcome, seconds, entry_check) values (1, 1, 1, 'computed', 2, unhex(?))",
    )
    .run(check("run_task", [1, "old.exp#head", fingerprint, "computed", null, 2]));
  old.close();

  const store = openStore(folder);
  onTestFinished(() => {
    store.close();
  });
  expect(store.findRun(1)).toMatchObject({ program: "old.exp", end: null });
  expect(store.findTasksOfRun(1)).toMatchObject([{ slot: "old.exp#head", fingerprint, seconds: 2, times: null }]);
  expect(store.readAskedTasks(1)).toBeNull();
  expect(store.statistics().damaged).toBe(0);
});

test("a full disk is told, and what was stored before stays", () => {
  const path = join(makeTemporaryFolder(), "store.sqlite");
  const connection = openConnection(path);
  const store = openOn(connection, path);
  const run = startRun(store);
  const small = answerOf({ name: "small", run });
  store.saveAnswer(small);
  const pages = Number(connection.pragma("page_count", { simple: true }));
  connection.pragma(`max_page_count = ${String(pages + 10)}`);

  const large = answerOf({ name: "large", run, bytes: Buffer.alloc(1 << 20, "x") });
  const error = errorOf(() => {
    store.saveAnswer(large);
  });
  expect(error.code).toBe("store-full");
  expect(error.message).toContain(path);
  const names = Array.from({ length: 20_000 }, (_, index) => String(index));
  const saveRows = () => {
    store.saveRows(shardOf("dino", names, run));
  };
  expect(errorOf(saveRows)).toMatchObject({ code: "store-full" });

  expect([...store.findAnswers([small.fingerprint, large.fingerprint]).keys()]).toEqual([small.fingerprint]);
  expect(store.readManifest(large.fingerprint)).toBeNull();
  expect(store.statistics()).toMatchObject({ artifacts: 1, rows: 0, damaged: 0 });
  connection.pragma("max_page_count = 100000");
  store.saveAnswer(large);
  saveRows();
  expect(store.readArtifact(large.artifact)?.bytes.length).toBe(1 << 20);
  expect(store.statistics().rows).toBe(20_000);
});

test("a lock that another process keeps is told once the wait is over", () => {
  const path = join(makeTemporaryFolder(), "store.sqlite");
  const other = openConnection(path);
  onTestFinished(() => {
    other.close();
  });
  const store = openOn(openConnection(path, 50), path);
  other.exec("begin immediate");
  expect(errorOf(() => startRun(store))).toMatchObject({ code: "store-busy" });
  other.exec("rollback");
  expect(startRun(store)).toBe(1);
});

function openRaw(path: string): Connection {
  const connection = new Database(path);
  onTestFinished(() => {
    connection.close();
  });
  return connection;
}

function openOn(connection: Connection, path: string): Store {
  const store = createSqliteStore(connection, path);
  onTestFinished(() => {
    store.close();
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
