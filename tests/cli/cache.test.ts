import { createHash } from "node:crypto";
import { closeSync, cpSync, openSync, readFileSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { openStore, type Store } from "@exp-lab/runner";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createWorkplace, smallProgram, type Ended, type Workplace } from "./command-line.ts";

const otherProgram = smallProgram.replace("random(1)", "random(2)");

/** Where the programs were run once: every test works on a copy. */
let ran: Workplace;
let place: Workplace;
beforeAll(async () => {
  ran = createWorkplace();
  for (const [name, text] of [
    ["small.exp", smallProgram],
    ["other.exp", otherProgram],
  ] as const) {
    ran.write(name, text);
    expect((await ran.exp("run", name, "--store", ".exp")).exitCode).toBe(0);
  }
});
beforeEach(() => {
  place = createWorkplace();
  cpSync(ran.folder, place.folder, { recursive: true });
});
afterEach(() => {
  place.close();
});
afterAll(() => {
  ran.close();
});

const cache = (...argv: readonly string[]): Promise<Ended> => place.exp("cache", ...argv, "--store", ".exp");

describe("verify", () => {
  it("says that a whole store is whole", async () => {
    const { exitCode, out } = await cache("verify");
    expect(exitCode).toBe(0);
    expect(out).toContain("store.sqlite is whole.");
    const json = await cache("verify", "--json");
    expect(json.exitCode).toBe(0);
    const report = JSON.parse(json.out) as { version: number; checked: Record<string, number>; bytes: number };
    expect(report).toMatchObject({ version: 1, damaged: {}, checked: { run: 2, feature_row: 240 } });
    expect(report.bytes).toBeGreaterThan(240 * 64 * 4);
  });

  it("drops what was damaged, says whose it was, and the next run computes it anew", async () => {
    const { out: table } = await place.exp("table", "small.exp", "--store", ".exp");
    const store = openStore(join(place.folder, ".exp"));
    const steps = store.takeInventory();
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    const score = step.value.artifacts.find(({ kind }) => kind === "score");
    const bytes = score === undefined ? undefined : store.readArtifact(score.digest)?.bytes;
    store.close();
    flip(join(place.folder, ".exp/store.sqlite"), Buffer.from(bytes ?? []));
    const { exitCode, out } = await cache("verify");
    expect(exitCode).toBe(1);
    expect(out).toMatch(/artifact +\d/);
    expect(out).toMatch(/\w+\.exp: .*(auroc|accuracy)/);
    expect(out).toContain("computes it anew");
    expect((await cache("verify")).exitCode).toBe(0);
    const again = await place.exp("run", "small.exp", "--store", ".exp");
    expect(again.out).toBe(table);
  });

  it("ends with 4 where the file is no store", async () => {
    place.write("text", "no store at all, but long enough to be taken for one. ".repeat(400));
    await place.shell("mkdir other && mv text other/store.sqlite");
    const { exitCode, err } = await place.exp("cache", "verify", "--store", "other");
    expect(exitCode).toBe(4);
    expect(err).toContain("is not a store of this program");
  });
});

describe("gc", () => {
  it("says what it would remove, and removes nothing", async () => {
    const before = readFileSync(join(place.folder, ".exp/store.sqlite"));
    const { exitCode, out } = await cache("gc", "small.exp");
    expect(exitCode).toBe(0);
    expect(out).toContain("small.exp  20 of 20 tasks stored");
    expect(out).toMatch(/rows +120/);
    expect(out).toContain("Nothing was removed. Write --yes to remove this.");
    expect(readFileSync(join(place.folder, ".exp/store.sqlite")).equals(before)).toBe(true);
    const { out: json } = await cache("gc", "small.exp", "other.exp", "--json");
    expect(JSON.parse(json)).toMatchObject({ version: 1, isRemoved: false, answers: 0, artifacts: 0, rows: 0 });
  });

  it("keeps the programs named, removes the rest, and gives the space back", async () => {
    const { out: table } = await place.exp("table", "small.exp", "--store", ".exp");
    const { exitCode, out } = await cache("gc", "small.exp", "--yes");
    expect(exitCode).toBe(0);
    expect(out).toContain("Removed:");
    expect(out).toMatch(/Freed .*: the store takes/);
    expect((await place.exp("table", "small.exp", "--store", ".exp")).out).toBe(table);
    expect((await place.exp("run", "small.exp", "--store", ".exp")).err).toContain("20 tasks, 20 stored, 0 to run");
    expect((await place.exp("plan", "other.exp", "--store", ".exp")).out).toContain("60 images");
    expect((await cache("verify")).exitCode).toBe(0);
    const { out: why } = await place.exp("why", "other.exp", "logit", "test.auroc", "--store", ".exp");
    expect(why).toMatch(/It would run\. It was answered on .*, but the answer is not stored any more\./);
    expect((await cache("gc", "small.exp", "--yes")).out).toContain("There was nothing to remove.");
  });

  it.each([
    ["a program that does not compile", "exp 1\nhead h = nothing {}\n", "E"],
    ["a program without a table", smallProgram.slice(0, smallProgram.indexOf("table")), "has no table"],
    [
      "a program whose files are missing",
      smallProgram.replace(/phantoms \{.*\}/, 'csv { file: "gone.csv" }'),
      "gone.csv",
    ],
  ])("removes nothing because of %s", async (_, text, said) => {
    place.write("wrong.exp", text);
    const before = readFileSync(join(place.folder, ".exp/store.sqlite"));
    const { exitCode, err } = await cache("gc", "small.exp", "wrong.exp", "--yes");
    expect(exitCode).toBe(2);
    expect(err).toContain(said);
    expect(readFileSync(join(place.folder, ".exp/store.sqlite")).equals(before)).toBe(true);
  });

  it.each([
    [["gc"], "has to be told what to keep"],
    [["gc", "--older-than", "soon"], "--older-than takes"],
    [["gc", "--max-size", "20"], "--max-size takes"],
    [["stats", "--yes"], "takes no file"],
    [["verify", "small.exp"], "takes no file"],
    [["clean"], 'knows "stats", "verify" and "gc"'],
  ])("refuses %j", async (argv, said) => {
    const { exitCode, err } = await cache(...argv);
    expect(exitCode).toBe(2);
    expect(err).toContain(said);
  });

  it("removes by age, and by size, and says where what is kept does not fit", async () => {
    expect((await cache("gc", "--older-than", "30d", "--yes")).out).toContain("There was nothing to remove.");
    const store = openStore(join(place.folder, ".exp"));
    const run = store.startRun({ program: "old.exp", startedAt: new Date("2020-01-01"), environment: "{}" });
    saveOne(store, run, "old", 3_000_000);
    store.close();
    const young = await cache("gc", "--older-than", "8w", "--json", "--yes");
    expect(JSON.parse(young.out)).toMatchObject({ isRemoved: true, answers: 1, artifactBytes: 3_000_000, rows: 0 });
    const { out } = await cache("gc", "small.exp", "--max-size", "1kB", "--yes");
    expect(out).toContain("What is kept does not fit into 1.0 kB.");
    expect((await place.exp("run", "small.exp", "--store", ".exp")).err).toContain("20 tasks, 20 stored, 0 to run");
    expect((await place.exp("plan", "other.exp", "--store", ".exp")).out).toContain("60 images");
  });
});

it("gc that is killed leaves whole entries, and goes on where it was", { timeout: 180_000 }, async () => {
  const { out: table } = await place.exp("table", "small.exp", "--store", ".exp");
  const store = openStore(join(place.folder, ".exp"));
  const run = store.startRun({ program: "other.exp", startedAt: new Date(), environment: "{}" });
  for (let index = 0; index < 3000; index++) saveOne(store, run, String(index), 500 + ((index * 7919) % 9000));
  for (let index = 0; index < 40; index++) saveShard(store, run, index);
  const stages: readonly ((store: Store) => boolean)[] = [
    (seen) => seen.statistics().answers < 2900,
    (seen) => seen.statistics().artifacts < 2000,
    (seen) => seen.statistics().rows < 30 * 500,
  ];
  for (const isReached of stages) {
    const polls: NodeJS.Timeout[] = [];
    const killed = await place.start(["cache", "gc", "small.exp", "--yes", "--store", ".exp"], (_, child) => {
      const poll = (): void => {
        if (isReached(store)) child.kill("SIGKILL");
      };
      if (polls.length === 0) polls.push(setInterval(poll, 2));
    });
    for (const poll of polls) clearInterval(poll);
    expect(killed.exitCode).toBeNull();
    expect((await cache("verify")).out).toContain("is whole");
    expect((await place.exp("table", "small.exp", "--store", ".exp")).out).toBe(table);
  }
  store.close();
  expect((await cache("gc", "small.exp", "--yes")).exitCode).toBe(0);
  const stats = JSON.parse((await cache("stats", "--json")).out) as object;
  expect(stats).toMatchObject({ answers: 20, rows: 120 });
  expect(statSync(join(place.folder, ".exp/store.sqlite")).size).toBeLessThan(3_000_000);
  expect((await place.exp("run", "small.exp", "--store", ".exp")).err).toContain("20 tasks, 20 stored, 0 to run");
});

type RunId = ReturnType<Store["startRun"]>;
type NewAnswer = Parameters<Store["saveAnswer"]>[0];
type NewShard = Parameters<Store["saveRows"]>[0];

function hashOf(text: string | Uint8Array): string {
  return createHash("sha256").update(text).digest("hex");
}

function saveOne(store: Store, run: RunId, name: string, length: number): void {
  const bytes = Buffer.alloc(length, `bytes of ${name}`);
  const manifest = JSON.stringify({ op: name });
  store.saveAnswer({
    fingerprint: hashOf(`exp.fingerprint.1\n${manifest}`) as NewAnswer["fingerprint"],
    ...{ manifest, kind: "model", bytes, run, seconds: 1 },
    artifact: hashOf(bytes) as NewAnswer["artifact"],
  });
}

function saveShard(store: Store, run: RunId, index: number): void {
  const examples = Array.from({ length: 500 }, (_, row) => hashOf(`${String(index)} ${String(row)}`));
  store.saveRows({
    recipe: hashOf("recipe") as NewShard["recipe"],
    layout: { parts: [{ name: "pooled", width: 64 }], defaultPart: "pooled" },
    rows: Float32Array.from({ length: 500 * 64 }, (_, at) => index + at / 64),
    ...{ examples, madeBy: "cpu", run },
  });
}

/** Changes one bit where these bytes lie in a file. */
function flip(path: string, wanted: Buffer): void {
  const bytes = readFileSync(path);
  const at = bytes.indexOf(wanted);
  expect(wanted.length).toBeGreaterThan(8);
  expect(at).toBeGreaterThan(0);
  const file = openSync(path, "r+");
  writeSync(file, Buffer.from([bytes.readUInt8(at + 1) ^ 1]), 0, 1, at + 1);
  closeSync(file);
}
