import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { hashOf, readRows, recipeOf, rowOf, shardOf, startRun } from "../../contract/sample-entries.ts";
import { makeTemporaryFolder } from "../../contract/temporary-folder.ts";
import type { Store } from "../../store.ts";
import type { StoreRemoval } from "../../upkeep.ts";
import { migrations } from "../migrations.ts";
import { addShardFiles } from "../migrations/0007-shard-files.ts";
import { openStore, type OpenStoreOptions } from "../open-store.ts";

const nothing: StoreRemoval = { answers: [], contentAnswers: [], artifacts: [], rows: [], historyBefore: null };

function open(folder: string, options: OpenStoreOptions = { shardBudget: 0 }): Store {
  const store = openStore(folder, options);
  onTestFinished(() => {
    store.close();
  });
  return store;
}

/** Two shards of one recipe, in a file of its own. */
function fill(folder: string): { readonly store: Store; readonly path: string } {
  const store = open(folder);
  const run = startRun(store);
  store.saveRows(shardOf("dino", ["a", "b"], run));
  store.saveRows(shardOf("dino", ["c", "d"], run));
  return { store, path: pathOf(folder, "dino") };
}

function pathOf(folder: string, recipe: string, end = ""): string {
  return join(folder, "store.shards", `${recipeOf(recipe)}${end}.sqlite`);
}

function openRaw(path: string): Database.Database {
  const connection = new Database(path);
  onTestFinished(() => {
    connection.close();
  });
  return connection;
}

function shardsIn(path: string): readonly unknown[] {
  return openRaw(path).prepare("select shard from shard_rows order by shard").pluck().all();
}

const all = ["a", "b", "c", "d"];

describe("a recipe whose shards pass the budget", () => {
  test("has the rest of them in a file of its own, of the main file's format", () => {
    const folder = makeTemporaryFolder();
    const store = open(folder, { shardBudget: 100 });
    const run = startRun(store);
    for (const name of ["a", "b", "c", "d", "e", "f", "g", "h"]) store.saveRows(shardOf("dino", [name], run));
    store.saveRows(shardOf("clip", ["a"], run));
    const path = pathOf(folder, "dino");
    expect(shardsIn(path)).toHaveLength(3);
    const pragmas = ["page_size", "auto_vacuum", "journal_mode"];
    expect(pragmas.map((name) => openRaw(path).pragma(name, { simple: true }))).toEqual([16384, 2, "wal"]);
    expect(readRows(store, "dino", ["h", "a", "f"]).rows).toEqual([rowOf("h"), rowOf("a"), rowOf("f")]);
    expect(readdirSync(join(folder, "store.shards")).filter((name) => name.endsWith(".sqlite"))).toHaveLength(1);
    const { fileBytes, shardFiles, shardFileBytes, rows } = store.statistics();
    expect({ shardFiles, rows }).toEqual({ shardFiles: 1, rows: 9 });
    expect(shardFileBytes).toBeGreaterThan(16384);
    expect(fileBytes).toBeGreaterThan(shardFileBytes);
  });

  test("is found by another process's store, and by one that is opened again with another budget", () => {
    const folder = makeTemporaryFolder();
    const { store } = fill(folder);
    expect(readRows(open(folder, {}), "dino", all).absent).toEqual([]);
    store.close();
    expect(readRows(open(folder, {}), "dino", all).rows).toEqual(all.map((name) => rowOf(name)));
  });
});

test("a store that knew of no such files has its rows, and its next ones in a file", () => {
  const folder = makeTemporaryFolder();
  const first = open(folder, {});
  first.saveRows(shardOf("dino", ["a", "b"], startRun(first)));
  first.close();
  const raw = openRaw(join(folder, "store.sqlite"));
  raw.exec("drop index feature_shard_by_file; alter table feature_shard drop column file; drop table weight_source");
  raw.pragma(`user_version = ${String(migrations.indexOf(addShardFiles))}`);
  raw.close();
  const store = open(folder);
  expect(readRows(store, "dino", ["a", "b"]).rows).toEqual([rowOf("a"), rowOf("b")]);
  store.saveRows(shardOf("dino", ["c"], startRun(store)));
  expect(readRows(store, "dino", ["a", "b", "c"]).absent).toEqual([]);
  expect(shardsIn(pathOf(folder, "dino"))).toEqual([2]);
});

test("at most sixteen files are open at a time", () => {
  const folder = makeTemporaryFolder();
  const store = open(folder);
  const run = startRun(store);
  const recipes = Array.from({ length: 40 }, (_, index) => `recipe ${String(index)}`);
  for (const recipe of recipes) store.saveRows(shardOf(recipe, all, run));
  for (const recipe of [...recipes, ...recipes]) expect(readRows(store, recipe, all).absent).toEqual([]);
  // A log that is there belongs to a file that is open: the last one to close a file takes its log away.
  const logs = readdirSync(join(folder, "store.shards")).filter((name) => name.endsWith("-wal"));
  expect(logs).toHaveLength(16);
});

describe("rows whose file is lost are absent, and can be stored again", () => {
  test.each<[what: string, damage: (path: string) => void]>([
    [
      "removed",
      (path) => {
        rmSync(path);
      },
    ],
    [
      "cut short",
      (path) => {
        truncateSync(path, 20_000);
      },
    ],
    [
      "emptied",
      (path) => {
        truncateSync(path, 0);
      },
    ],
    [
      "a text",
      (path) => {
        writeFileSync(path, "not a database ".repeat(4000));
      },
    ],
    [
      "a folder",
      (path) => {
        rmSync(path);
        mkdirSync(path);
      },
    ],
    [
      "another store's",
      (path) => {
        copyFileSync(otherStoresFile(), path);
      },
    ],
    [
      "another recipe's",
      (path) => {
        rmSync(path);
        copyFileSync(path.replace(recipeOf("dino"), recipeOf("clip")), path);
      },
    ],
  ])("%s", (_, damage) => {
    const folder = makeTemporaryFolder();
    const { store: first, path } = fill(folder);
    first.saveRows(shardOf("clip", all, startRun(first), 1));
    first.close();
    damage(path);
    const store = open(folder);
    expect(readRows(store, "dino", all).absent).toEqual(all.map((name) => hashOf(name)));
    expect(
      store.missingRows(
        recipeOf("dino"),
        all.map((name) => hashOf(name)),
      ),
    ).toHaveLength(4);
    store.saveRows(shardOf("dino", all, startRun(store)));
    expect(readRows(store, "dino", all).rows).toEqual(all.map((name) => rowOf(name)));
    expect(readRows(store, "clip", all).rows).toEqual(all.map((name) => rowOf(name, 1)));
    expect(readRows(open(folder), "dino", all).absent).toEqual([]);
  });

  test("a file of another store is left as it is, by writing and by a collection", () => {
    const folder = makeTemporaryFolder();
    const { path } = fill(folder);
    const foreign = otherStoresFile();
    copyFileSync(foreign, pathOf(folder, "sam"));
    const store = open(folder);
    store.saveRows(shardOf("sam", all, startRun(store)));
    toEnd(store.giveBackSpace());
    expect(readFileSync(pathOf(folder, "sam")).equals(readFileSync(foreign))).toBe(true);
    expect(readRows(store, "sam", all).absent).toEqual([]);
    expect(existsSync(pathOf(folder, "sam", ".2"))).toBe(true);
    expect(existsSync(path)).toBe(true);
  });
});

function otherStoresFile(): string {
  const folder = makeTemporaryFolder();
  const { store, path } = fill(folder);
  store.close();
  return path;
}

describe("bytes that no index row names", () => {
  test("go at the next writing into their file, where a killed process left them at its end", () => {
    const folder = makeTemporaryFolder();
    const { store: first, path } = fill(folder);
    first.close();
    openRaw(path).exec("insert into shard_rows values (7, x'00'), (9, x'00')");
    const store = open(folder);
    expect(readRows(store, "dino", all).absent).toEqual([]);
    expect(shardsIn(path)).toEqual([1, 2, 7, 9]);
    store.saveRows(shardOf("dino", ["e"], startRun(store)));
    expect(shardsIn(path)).toEqual([1, 2, 3]);
  });

  test("under a number that is given again are replaced", () => {
    const folder = makeTemporaryFolder();
    const { store, path } = fill(folder);
    openRaw(path).exec("insert into shard_rows values (3, x'0011')");
    store.saveRows(shardOf("dino", ["e"], startRun(store)));
    expect(readRows(store, "dino", ["e"]).rows).toEqual([rowOf("e")]);
  });

  test.each(["giveBackSpace", "verify"] as const)("anywhere go with %s", (work) => {
    const folder = makeTemporaryFolder();
    const { store, path } = fill(folder);
    openRaw(path).exec("delete from shard_rows where shard = 1; insert into shard_rows values (0, x'00'), (9, x'00')");
    expect(readRows(store, "dino", all).absent).toEqual([hashOf("a"), hashOf("b")]);
    if (work === "verify") toEnd(store.verify());
    else toEnd(store.giveBackSpace());
    expect(shardsIn(path)).toEqual([2]);
  });

  test("and logs whose file is gone", () => {
    const folder = makeTemporaryFolder();
    const { store, path } = fill(folder);
    const lone = pathOf(folder, "sam");
    for (const end of ["-wal", "-shm", "-journal"]) writeFileSync(`${lone}${end}`, "left");
    toEnd(store.giveBackSpace());
    expect(readdirSync(join(folder, "store.shards")).filter((name) => name.startsWith(recipeOf("sam")))).toEqual([]);
    expect(shardsIn(path)).toEqual([1, 2]);
  });

  test("with the whole file, by unlinking it, while others have it open", () => {
    const folder = makeTemporaryFolder();
    const { store, path } = fill(folder);
    const other = open(folder);
    expect(readRows(other, "dino", all).absent).toEqual([]);
    const rows = toEnd(store.takeInventory()).shards;
    toEnd(store.remove({ ...nothing, rows }));
    toEnd(store.giveBackSpace());
    expect(readdirSync(join(folder, "store.shards"))).toEqual([]);
    expect(store.statistics()).toMatchObject({ rows: 0, shardFiles: 0, shardFileBytes: 0 });
    other.saveRows(shardOf("dino", all, startRun(other)));
    expect(existsSync(path)).toBe(true);
    expect(readRows(store, "dino", all).rows).toEqual(all.map((name) => rowOf(name)));
    expect(readRows(other, "dino", all).absent).toEqual([]);
    expect(other.statistics().damaged + store.statistics().damaged).toBe(0);
  });
});

test("the sizes of removal count files of shards", () => {
  const folder = makeTemporaryFolder();
  const store = open(folder);
  const before = toEnd(store.takeInventory()).usedBytes;
  const names = Array.from({ length: 20_000 }, (_, index) => String(index));
  store.saveRows(shardOf("dino", names, startRun(store)));
  expect(toEnd(store.takeInventory()).usedBytes - before).toBeGreaterThan(20_000 * 20);
});

describe("a verification", () => {
  test("drops what is damaged in a file of shards, and keeps the rest", () => {
    const folder = makeTemporaryFolder();
    const { store, path } = fill(folder);
    openRaw(path).exec("update shard_rows set bytes = zeroblob(40) where shard = 2");
    expect(toEnd(store.verify()).damaged).toEqual({ feature_row: 2 });
    expect(readRows(store, "dino", all).absent).toEqual([hashOf("c"), hashOf("d")]);
    expect(toEnd(store.verify())).toMatchObject({ damaged: {}, checked: { shard_file: 1 } });
  });

  test("moves what can be read out of a file whose pages are damaged", () => {
    const folder = makeTemporaryFolder();
    const { store: first, path } = fill(folder);
    first.close();
    const bytes = readFileSync(path);
    // The second page says of each page what it belongs to.
    bytes.fill(0xa5, 16384, 16384 + 40);
    writeFileSync(path, bytes);
    const store = open(folder);
    expect(toEnd(store.verify()).damaged).toEqual({ shard_file: 1 });
    expect(existsSync(path)).toBe(false);
    expect(readRows(store, "dino", all).rows).toEqual(all.map((name) => rowOf(name)));
    expect(toEnd(store.verify()).damaged).toEqual({});
    store.saveRows(shardOf("dino", ["e"], startRun(store)));
    expect(shardsIn(pathOf(folder, "dino", ".2"))).toHaveLength(3);
  });
});

function toEnd<Result>(steps: Generator<unknown, Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
