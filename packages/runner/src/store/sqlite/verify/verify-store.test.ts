import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { hashText, type Fingerprint } from "../../../hash/digests.ts";
import {
  answerOf,
  costOf,
  digestNamed,
  hashOf,
  readRows,
  rowOf,
  shardOf,
  startRun,
} from "../../contract/sample-entries.ts";
import { makeTemporaryFolder } from "../../contract/temporary-folder.ts";
import type { NewAnswer, RunId, Store } from "../../store.ts";
import type { VerifyReport } from "../../upkeep.ts";
import { openConnection, type Connection } from "../connection.ts";
import { openStore } from "../open-store.ts";
import { createSqliteStore } from "../sqlite-store.ts";

interface Opened {
  readonly store: Store;
  readonly connection: Connection;
  readonly run: RunId;
}

/** Two answers of a page and of several pieces, four rows, their history, and a file's digest. */
function openFilled(): Opened {
  const path = join(makeTemporaryFolder(), "store.sqlite");
  const connection = openConnection(path);
  connection.pragma("foreign_keys = OFF");
  const store = createSqliteStore(connection, path);
  onTestFinished(() => {
    store.close();
  });
  const run = startRun(store);
  for (const answer of [askedOf("head", run), askedOf("model", run, Buffer.alloc(9 << 20, "model"))]) {
    store.saveAnswer(answer);
    const cost = answer.bytes.byteLength < 1000 ? {} : { cost: costOf("fit", 1) };
    store.saveRunTask({ ...answer, slot: `a.exp#${answer.manifest}`, outcome: "computed", reason: null, ...cost });
  }
  store.saveRows(shardOf("dino", ["a", "b", "c", "d"], run));
  store.saveFileDigests([
    { stat: { device: 1n, inode: 2n, size: 3n, mtimeNs: 4n, ctimeNs: 5n }, digest: digestNamed("file") },
  ]);
  store.saveWeightSource("a", [{ name: "a.bin", digest: digestNamed("file"), bytes: 1, revision: null }]);
  return { store, connection, run };
}

test("a whole store is whole, table by table", () => {
  expect(verify(openFilled().store)).toEqual({
    checked: {
      ...{ secret: 1, run: 1, question: 2, artifact: 2, answer: 2, content_answer: 2, recipe: 1, feature_shard: 1 },
      ...{ feature_row: 4, run_task: 2, task_cost: 1, file_digest: 1, weight_source: 1 },
    },
    bytes: (9 << 20) + "bytes of head".length + 80,
    damaged: {},
    slots: [],
    rowPrograms: [],
  });
});

const head = `a.exp#{"op":"head"}`;
const model = `a.exp#{"op":"model"}`;

test.each<[damage: string, found: Readonly<Record<string, number>>, slots: readonly string[]]>([
  ["update run set program = 'lie'", { run: 1 }, []],
  ["update question set manifest = 'lie' where id = 1", { question: 1 }, []],
  ["update answer set kind = 'dataset'", { answer: 2 }, [head, model]],
  ["delete from artifact where id = 1", { artifact_chunk: 1, answer: 1, content_answer: 1 }, [head]],
  ["update content_answer set inputs = '{}'", { content_answer: 2 }, []],
  ["update artifact set size = 5 where id = 1", { artifact: 1 }, [head]],
  ["update artifact set kind = 'dataset' where id = 2", { artifact: 1 }, [model]],
  ["update artifact_chunk set bytes = x'00' where id >> 20 = 1", { artifact: 1 }, [head]],
  ["delete from artifact_chunk where id = 2 * 1048576 + 1", { artifact: 1 }, [model]],
  ["insert into artifact_chunk (id, bytes) values (1048577, x'00')", { artifact: 1 }, [head]],
  ["insert into artifact_chunk (id, bytes) values (99 << 20, x'00')", { artifact_chunk: 1 }, []],
  ["update recipe set layout = '{}'", { recipe: 1, feature_shard: 1 }, []],
  ["update feature_shard set made_by = 'lie'", { feature_shard: 1 }, []],
  ["update feature_shard_rows set bytes = zeroblob(80)", { feature_row: 4 }, []],
  ["update feature_shard_rows set bytes = substr(bytes, 1, 45)", { feature_row: 2 }, []],
  ["delete from feature_shard_rows", { feature_row: 4 }, []],
  ["insert into feature_shard_rows (shard, bytes) values (77, x'00')", { feature_shard_rows: 1 }, []],
  ["update run_task set outcome = 'failed' where id = 1", { run_task: 1 }, []],
  ["update slot set name = 'lie' where id = 1", { run_task: 1 }, []],
  ["update task_cost set seconds = 9", { task_cost: 1 }, []],
  ["update task_cost set task = 1", { task_cost: 1 }, []],
  ["update file_digest set digest = zeroblob(32)", { file_digest: 1 }, []],
])("%s is found, told and dropped", (damage, damaged, slots) => {
  const { store, connection } = openFilled();
  connection.exec(damage);
  const report = verify(store);
  expect(report).toMatchObject({ damaged, slots });
  expect(report.rowPrograms).toEqual("feature_row" in damaged || "feature_shard" in damaged ? ["table.exp"] : []);
  expect(verify(store).damaged).toEqual({});
});

test("of a damaged shard, the rows that are whole stay", () => {
  const { store, connection } = openFilled();
  const bytes = connection.prepare<[], Buffer>("select bytes from feature_shard_rows").pluck().get() ?? Buffer.alloc(0);
  bytes.writeUInt8(bytes.readUInt8(25) ^ 4, 25);
  connection.prepare("update feature_shard_rows set bytes = ?").run(bytes);
  expect(verify(store).damaged).toEqual({ feature_row: 1 });
  const { rows, absent } = readRows(store, "dino", ["a", "b", "c"]);
  expect(absent).toEqual([hashOf("b")]);
  expect([rows[0], rows[2]]).toEqual([rowOf("a"), rowOf("c")]);
});

test("what was dropped is taken back when it is saved again", () => {
  const { store, connection, run } = openFilled();
  connection.exec("update artifact_chunk set bytes = x'00'; update question set manifest = 'lie'");
  verify(store);
  const answer = askedOf("head", run);
  store.saveAnswer(answer);
  expect(store.findAnswers([answer.fingerprint]).size).toBe(1);
  expect(store.readManifest(answer.fingerprint)).toBe(answer.manifest);
  expect(verify(store).damaged).toEqual({});
});

test("a lost key of identifiers is the store's end", () => {
  const { store, connection } = openFilled();
  connection.exec("update secret set value = zeroblob(32)");
  expect(() => verify(store)).toThrow("the key that hides patient identifiers");
});

test("indexes that lost an entry are made anew", () => {
  const { store, connection, run } = openFilled();
  connection.unsafeMode(true);
  connection.pragma("writable_schema = ON");
  // An index of other columns, under the definition of the real one.
  connection.exec("update sqlite_schema set sql = replace(sql, '(slot)', '(run)') where name = 'run_task_by_slot'");
  connection.pragma("writable_schema = RESET");
  connection.exec("reindex run_task_by_slot");
  connection.exec("insert into slot (name) values ('b.exp#other')");
  connection.pragma("writable_schema = ON");
  connection.exec("update sqlite_schema set sql = replace(sql, '(run)', '(slot)') where name = 'run_task_by_slot'");
  connection.pragma("writable_schema = RESET");
  connection.unsafeMode(false);
  expect(verify(store).damaged).toEqual({ index: 1 });
  expect(verify(store).damaged).toEqual({});
  expect(store.findRunTasks(model, 5)).toMatchObject([{ run }]);
});

test("a file whose pages are damaged is said to be unusable, with what to do", () => {
  const folder = makeTemporaryFolder();
  const filled = openStore(folder);
  const run = startRun(filled);
  for (let index = 0; index < 2000; index++) filled.saveAnswer(askedOf(String(index), run));
  filled.close();
  const path = join(folder, "store.sqlite");
  const bytes = readFileSync(path);
  for (let page = 20; page < bytes.length / 16384; page += 7) bytes.fill(0xa5, page * 16384, page * 16384 + 64);
  writeFileSync(path, bytes);
  const store = openStore(folder);
  onTestFinished(() => {
    store.close();
  });
  expect(() => verify(store)).toThrow(/is damaged/);
});

function askedOf(name: string, run: RunId, bytes?: Buffer): NewAnswer {
  const content = { recipe: "fit", input: name };
  const answer = answerOf({ name, run, content, ...(bytes === undefined ? {} : { bytes }) });
  return { ...answer, fingerprint: hashText<Fingerprint>("fingerprint", answer.manifest) };
}

function verify(store: Store): VerifyReport {
  const steps = store.verify();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
