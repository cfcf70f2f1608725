import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  answerOf,
  contentKeyOf,
  costOf,
  digestNamed,
  fingerprintOf,
  hashOf,
  readRows,
  recipeOf,
  rowOf,
  shardOf,
  startRun,
} from "../contract/sample-entries.ts";
import { makeTemporaryFolder } from "../contract/temporary-folder.ts";
import type { Recipe } from "../../hash/digests.ts";
import type { FileStat, RunId, Store } from "../store.ts";
import { openConnection, type Connection } from "./connection.ts";
import { createSqliteStore } from "./sqlite-store.ts";

interface Opened {
  readonly store: Store;
  readonly connection: Connection;
  readonly run: RunId;
}

function open(): Opened {
  const path = join(makeTemporaryFolder(), "store.sqlite");
  const connection = openConnection(path);
  connection.pragma("foreign_keys = OFF");
  const store = createSqliteStore(connection, path);
  onTestFinished(() => {
    store.close();
  });
  return { store, connection, run: startRun(store) };
}

describe("a damaged entry is absent, counted, and heals when it is saved again", () => {
  test.each([
    ["artifact", "update answer set artifact = (select digest from artifact where digest <> answer.artifact)"],
    ["kind", "update answer set kind = 'dataset'"],
    ["run", "update answer set run = run + 1"],
    ["check", "update answer set entry_check = zeroblob(8)"],
    ["types", "update answer set kind = ''"],
  ])("answer: %s", (_, damage) => {
    const { store, connection, run } = open();
    const answer = answerOf({ name: "head", run });
    store.saveAnswer(answer);
    store.saveAnswer(answerOf({ name: "other", run }));
    connection.exec(`${damage} where fingerprint = x'${answer.fingerprint}'`);
    expect(store.findAnswers([answer.fingerprint]).size).toBe(0);
    expect(store.findMaker(answer.fingerprint)).toBeNull();
    expect(store.statistics().damaged).toBe(1);
    store.saveAnswer(answer);
    expect(store.findAnswers([answer.fingerprint]).get(answer.fingerprint)?.artifact).toBe(answer.artifact);
  });

  test("answer: saved over the damage before anybody read it", () => {
    const { store, connection, run } = open();
    const answer = answerOf({ name: "head", run, content: { recipe: "fit", input: "train" } });
    store.saveAnswer(answer);
    connection.exec("update answer set kind = 'dataset'; update content_answer set inputs = '{}'");
    connection.exec("update artifact_chunk set bytes = x'00'; update question set manifest = 'lie'");
    store.saveAnswer(answer);
    expect(store.findAnswers([answer.fingerprint]).get(answer.fingerprint)?.kind).toBe("score");
    expect(Buffer.from(store.readArtifact(answer.artifact)?.bytes ?? []).toString()).toBe("bytes of head");
    expect(store.readManifest(answer.fingerprint)).toBe(answer.manifest);
    expect(findContent(store, "train")?.inputs).toEqual(answer.content?.inputs);
  });

  test.each([
    "update artifact_chunk set bytes = x'00112233'",
    "update artifact_chunk set id = id + 2 where id % 1048576 = 0",
    "delete from artifact_chunk where id % 1048576 = 1",
    "delete from artifact_chunk",
    "update artifact set kind = 'dataset'",
    "update artifact set size = 5",
  ])("artifact: %s", (damage) => {
    const { store, connection, run } = open();
    const bytes = Buffer.alloc(5 << 20, "some bytes");
    const answer = answerOf({ name: "head", run, bytes });
    store.saveAnswer(answer);
    connection.exec(damage);
    expect(store.readArtifact(answer.artifact)).toBeNull();
    expect(store.findAnswers([answer.fingerprint]).size).toBe(0);
    store.saveAnswer(answer);
    expect(Buffer.from(store.readArtifact(answer.artifact)?.bytes ?? []).equals(bytes)).toBe(true);
    expect(store.findAnswers([answer.fingerprint]).size).toBe(1);
    expect(store.statistics().damaged).toBe(1);
  });

  test("artifact: one among many that are read at once", () => {
    const { store, connection, run } = open();
    const [first, second, third] = ["one", "two", "three"].map((name) => answerOf({ name, run }));
    const all = [first!, second!, third!];
    for (const answer of all) store.saveAnswer(answer);
    connection.exec("update artifact_chunk set bytes = x'00' where id = 2 * 1048576");
    const found = store.readArtifacts(all.map(({ artifact }) => artifact));
    expect([...found.keys()]).toEqual([first!.artifact, third!.artifact]);
    expect(store.statistics()).toMatchObject({ damaged: 1, artifacts: 2, answers: 2 });
    expect(store.findAnswers([second!.fingerprint]).size).toBe(0);
  });

  test("artifact: every answer that it was goes with it", () => {
    const { store, connection, run } = open();
    const bytes = Buffer.from("same");
    const first = answerOf({ name: "one", run, bytes, content: { recipe: "fit", input: "train" } });
    const second = answerOf({ name: "two", run, bytes });
    store.saveAnswer(first);
    store.saveAnswer(second);
    connection.exec("update artifact_chunk set bytes = x'00'");
    expect(store.findAnswers([first.fingerprint]).size).toBe(1);
    expect(store.readArtifact(first.artifact)).toBeNull();
    expect(store.findAnswers([first.fingerprint, second.fingerprint]).size).toBe(0);
    expect(findContent(store, "train")).toBeNull();
    expect(store.statistics()).toMatchObject({ damaged: 1, artifacts: 0, answers: 0 });
  });

  test.each(["inputs = '{}'", "kind = 'dataset'", "artifact = zeroblob(32)", "recipe = zeroblob(32)"])(
    "content answer: %s",
    (change) => {
      const { store, connection, run } = open();
      const answer = answerOf({ name: "head", run, content: { recipe: "fit", input: "train" } });
      store.saveAnswer(answer);
      connection.exec(`update content_answer set ${change}`);
      expect(findContent(store, "train")).toBeNull();
      expect(store.findContentAnswer("00".repeat(32) as Recipe, contentKeyOf("fit on train"))).toBeNull();
      store.saveAnswer(answer);
      expect(findContent(store, "train")?.artifact).toBe(answer.artifact);
    },
  );

  test("manifest, run and file digest", () => {
    const { store, connection, run } = open();
    const answer = answerOf({ name: "head", run });
    const stat: FileStat = { device: 1n, inode: 2n, size: 3n, mtimeNs: 4n, ctimeNs: 5n };
    store.saveAnswer(answer);
    store.saveRunTask({ ...answer, slot: "a.exp:head", outcome: "computed", reason: null });
    store.saveFileDigests([{ stat, digest: digestNamed("file") }]);
    connection.exec("update file_digest set digest = zeroblob(32)");
    connection.exec("update question set manifest = 'lie'");
    connection.exec("update run_task set outcome = 'failed'");
    expect(store.findFileDigest(stat)).toBeNull();
    expect(store.readManifest(answer.fingerprint)).toBeNull();
    expect(store.findRunTasks("a.exp:head", 5)).toEqual([]);
    connection.exec("update run set program = 'lie'");
    expect(store.findMaker(answer.fingerprint)).toBeNull();
    expect(store.statistics().damaged).toBe(4);
  });

  test("a former answer: an older one takes its place", () => {
    const { store, connection, run } = open();
    const [old, middle, last] = ["old", "middle", "last"].map((name) => answerOf({ name, run }));
    for (const answer of [old!, middle!, last!]) {
      store.saveAnswer(answer);
      store.saveRunTask({ ...answer, slot: "a.exp:head", outcome: "computed", reason: null });
    }
    connection.exec("update run_task set outcome = 'failed' where id = 3");
    connection.exec(`update answer set kind = 'dataset' where fingerprint = x'${middle!.fingerprint}'`);
    expect(store.findFormerAnswers(["a.exp:head"])).toEqual(new Map([["a.exp:head", old!.artifact]]));
    expect(store.statistics()).toMatchObject({ answers: 2, damaged: 2 });
    expect(store.findRunTasks("a.exp:head", 9)).toHaveLength(2);
  });

  test.each(["seconds = 0", "op = 'score'", "members = 1", "examples = 3, rows_made = 3", "entry_check = zeroblob(8)"])(
    "what a task took: %s",
    (damage) => {
      const { store, connection, run } = open();
      const answer = answerOf({ name: "head", run });
      store.saveRunTask({ ...answer, slot: "a", outcome: "computed", reason: null, cost: costOf("fit", 1.5) });
      connection.exec(`update task_cost set ${damage}`);
      expect(store.findCostsOf([answer.fingerprint])).toEqual([]);
      expect(store.statistics().damaged).toBe(1);
      expect(store.findRunTasks("a", 5)).toHaveLength(1);
    },
  );

  test("what a task took goes with the end of the task, and is of no use without its question", () => {
    const { store, connection, run } = open();
    connection.pragma("foreign_keys = ON");
    for (const name of ["one", "two"]) {
      const task = { ...answerOf({ name, run }), slot: name, outcome: "computed", reason: null };
      store.saveRunTask({ ...task, cost: costOf("fit", 1) });
    }
    connection.exec("delete from run_task where id = 1");
    expect(connection.prepare("select count(*) from task_cost").pluck().get()).toBe(1);
    connection.exec("update question set manifest = 'lie'");
    expect(store.findCosts({ op: "fit", tasks: 9, tasksOfRun: 9, isWanted: () => true })).toEqual([]);
  });

  test("the pseudonym key is never made anew", () => {
    const { store, connection } = open();
    connection.exec("update secret set value = zeroblob(32)");
    expect(() => store.pseudonymKey()).toThrow("is damaged: the key that hides patient identifiers");
    connection.exec("delete from secret");
    expect(() => store.pseudonymKey()).toThrow("is damaged: the key that hides patient identifiers");
  });
});

describe("damaged rows are absent, counted, and heal when they are saved again", () => {
  const names = ["a", "b", "c", "d"];
  const heal = ({ store, run }: Opened): void => {
    store.saveRows(shardOf("dino", names, run));
    expect(readRows(store, "dino", names)).toEqual({ rows: names.map((name) => rowOf(name)), absent: [] });
  };

  test("one row: its neighbours stay", () => {
    const opened = open();
    const { store, connection, run } = opened;
    store.saveRows(shardOf("dino", names, run));
    flipRowByte(connection, 25);
    const { rows, absent } = readRows(store, "dino", names);
    expect(absent).toEqual([hashOf("b")]);
    expect([rows[0], rows[2], rows[3]]).toEqual(["a", "c", "d"].map((name) => rowOf(name)));
    expect(store.missingRows(recipeOf("dino"), names.map(hashOf))).toEqual([hashOf("b")]);
    expect(store.statistics()).toMatchObject({ rows: 3, damaged: 1 });
    heal(opened);
    expect(store.statistics().rows).toBe(4);
  });

  test.each([
    ["all rows", "update feature_shard_rows set bytes = zeroblob(80)"],
    ["some rows' bytes", "update feature_shard_rows set bytes = zeroblob(7)"],
    ["the rows' entry", "delete from feature_shard_rows"],
  ])("%s", (_, damage) => {
    const opened = open();
    opened.store.saveRows(shardOf("dino", names, opened.run));
    opened.connection.exec(damage);
    expect(readRows(opened.store, "dino", names).absent).toEqual(names.map((name) => hashOf(name)));
    expect(opened.store.statistics()).toMatchObject({ rows: 0, damaged: 1 });
    heal(opened);
  });

  test.each([
    "update feature_shard set header = zeroblob(length(header))",
    "update feature_shard set made_by = 'cuda'",
    "update feature_shard set row_count = 3",
    "update feature_shard set entry_check = zeroblob(8)",
  ])("header: %s", (damage) => {
    const opened = open();
    opened.store.saveRows(shardOf("dino", names, opened.run));
    opened.connection.exec(damage);
    expect(readRows(opened.store, "dino", names).absent).toHaveLength(4);
    expect(opened.store.readRowChecks(recipeOf("dino"), [hashOf("a")])).toEqual([null]);
    expect(opened.store.statistics()).toMatchObject({ rows: 0, damaged: 1 });
    heal(opened);
  });

  test("a shard under another recipe's number", () => {
    const { store, connection, run } = open();
    store.saveRows(shardOf("dino", names, run));
    store.saveRows(shardOf("clip", ["z"], run));
    connection.exec("update feature_shard set recipe = 2 where recipe = 1");
    expect(readRows(store, "clip", ["a", "z"]).absent).toEqual([hashOf("a")]);
    expect(readRows(store, "dino", ["a"]).absent).toEqual([hashOf("a")]);
  });

  test("a layout: the rows come back with it", () => {
    const { store, connection, run } = open();
    store.saveRows(shardOf("dino", names, run));
    connection.exec(`update recipe set layout = '{"parts":[],"defaultPart":""}'`);
    expect(store.readLayout(recipeOf("dino"))).toBeNull();
    expect(readRows(store, "dino", names).absent).toHaveLength(4);
    store.saveRows(shardOf("dino", ["e"], run));
    expect(readRows(store, "dino", [...names, "e"]).absent).toEqual([]);
  });
});

describe("the history of a run", () => {
  test.each([
    "update asked_part set tasks = replace(tasks, 'computed', 'cached')",
    "delete from asked_tasks where position = 1",
    "update asked_tasks set part = 1",
    "update asked_tasks set entry_check = zeroblob(8)",
  ])("what it asked: %s", (damage) => {
    const { store, connection, run } = open();
    const tasks = Array.from({ length: 500 }, (_, index) => ({
      ...{ label: `task ${String(index)}`, fingerprint: fingerprintOf("head"), outcome: "computed", reason: null },
      score: null,
    }));
    const save = () => [...store.saveAskedTasks(run, tasks)];
    save();
    connection.exec(damage);
    expect(store.readAskedTasks(run)).toBeNull();
    save();
    expect(store.readAskedTasks(run)).toEqual(tasks);
  });

  test.each(["summary = '{}'", "finished_at = finished_at + 1", "end_check = null"])("its end: %s", (damage) => {
    const { store, connection, run } = open();
    store.finishRun(run, '{"tasks":1}');
    connection.exec(`update run set ${damage}`);
    expect(store.findRun(run)).toMatchObject({ run, end: null });
  });

  test.each(["track = 3", "track = null", "started_ms = 0", "details = '{}'"])("its times: %s", (damage) => {
    const { store, connection, run } = open();
    const fingerprint = fingerprintOf("head");
    const times = { track: 0, startedMs: 1, runningMs: 1, endedMs: 2, examples: null, shards: [] };
    const task = { run, slot: "a", fingerprint, manifest: "{}", outcome: "computed", reason: null, seconds: 1 };
    store.saveRunTask({ ...task, times });
    connection.exec(`update run_task set ${damage}`);
    expect(store.findTasksOfRun(run)).toEqual([]);
    expect(store.statistics().damaged).toBe(1);
  });
});

function findContent(store: Store, input: string) {
  return store.findContentAnswer(recipeOf("fit"), contentKeyOf(`fit on ${input}`));
}

function flipRowByte(connection: Connection, at: number): void {
  const bytes = connection.prepare<[], Buffer>("select bytes from feature_shard_rows").pluck().get() ?? Buffer.alloc(0);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 4, at);
  connection.prepare("update feature_shard_rows set bytes = ?").run(bytes);
}
