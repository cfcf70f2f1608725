import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { digestOf } from "../../hash/digests.ts";
import { answerOf, readRows, rowOf, shardOf, startRun } from "../contract/sample-entries.ts";
import { describeStore } from "../contract/store-contract.ts";
import { makeTemporaryFolder } from "../contract/temporary-folder.ts";
import type { WriteWatch } from "../fail-points.ts";
import type { Store } from "../store.ts";
import { openConnection } from "./connection.ts";
import { openStore } from "./open-store.ts";
import { createSqliteStore } from "./sqlite-store.ts";

const folder = mkdtempSync(join(tmpdir(), "exp-store-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

let opened = 0;
describeStore("the store in SQLite", () => openWatched(join(folder, `${String(opened++)}.sqlite`)));

/** A store that fails where rows were changed by no write that has a name. */
function openWatched(path: string): Store {
  const connection = openConnection(path);
  const selectChanges = connection.prepare<[], number>("select total_changes()").pluck();
  let known = selectChanges.get();
  let isInside = false;
  const watch: WriteWatch = (point) => {
    if (connection.inTransaction) return;
    // A write that threw has no end, and its changes were taken back.
    if (point.startsWith("before ") && !isInside) expect(selectChanges.get(), point).toBe(known);
    isInside = point.startsWith("before ");
    // Nothing can be asked of a store once it is closed.
    if (!isInside && point !== "after close store") known = selectChanges.get();
  };
  return createSqliteStore(connection, path, { watch });
}

describeStore("the store in SQLite, every shard in a file of its recipe's own", () =>
  openStore(join(folder, String(opened++)), { shardBudget: 0 }),
);

describeStore("the store in SQLite, on a network file system", () =>
  openStore(join(folder, String(opened++)), { fileSystem: { isNetwork: true, name: null } }),
);

test("keeps everything when it is closed and opened again", () => {
  const here = makeTemporaryFolder();
  const first = openStore(here);
  const run = startRun(first);
  const answer = answerOf({ name: "head", run });
  first.saveAnswer(answer);
  first.saveRows(shardOf("dino", ["a", "b"], run));
  const key = first.pseudonymKey();
  first.close();

  const second = openStore(here);
  expect(second.findAnswers([answer.fingerprint]).size).toBe(1);
  expect(digestOf(second.readArtifact(answer.artifact)?.bytes ?? new Uint8Array())).toBe(answer.artifact);
  expect(readRows(second, "dino", ["b", "a"]).rows).toEqual([rowOf("b"), rowOf("a")]);
  expect(second.pseudonymKey()).toEqual(key);
  second.close();
});

test("sees what another connection wrote after it first looked", () => {
  const here = makeTemporaryFolder();
  const [one, two] = [openStore(here), openStore(here)];
  const run = startRun(one);
  one.saveRows(shardOf("dino", ["a"], run));
  expect(readRows(two, "dino", ["a", "b"]).absent).toHaveLength(1);
  one.saveRows(shardOf("dino", ["b"], run));
  expect(readRows(two, "dino", ["a", "b"]).rows).toEqual([rowOf("a"), rowOf("b")]);
  two.saveRows(shardOf("dino", ["a", "b", "c"], run, 1));
  expect(readRows(one, "dino", ["a", "c"]).rows).toEqual([rowOf("a"), rowOf("c", 1)]);
  one.close();
  two.close();
});
