import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { fingerprintOf, hashOf, recipeOf } from "../contract/sample-entries.ts";
import { makeTemporaryFolder } from "../contract/temporary-folder.ts";
import type { Store } from "../store.ts";
import { openStore } from "./open-store.ts";

/** Bytes of a recipe's rows that the main file takes: all of them, or next to none. */
const shardBudgets = [8e9, 100_000];

test.each(shardBudgets)(
  "a killed process leaves whole entries only, and all that it had said were done (%i bytes of rows in the main file)",
  { timeout: 120_000 },
  async (shardBudget) => {
    const folder = makeTemporaryFolder();
    const done: string[] = [];
    for (let kill = 0; kill < 10; kill++) {
      const writer = startWriter({ folder, prefix: `kill ${String(kill)}`, count: 0, shardBudget });
      await writer.firstLine;
      // Moments that have nothing to do with what the process is doing.
      await new Promise((resolve) => setTimeout(resolve, (kill * 37) % 150));
      writer.process.kill("SIGKILL");
      const { lines, errors } = await writer.end;
      expect(errors).toBe("");
      done.push(...lines);

      const store = openStore(folder);
      for (const line of done) expectEntry(store, line);
      // The entry that was under way is whole or absent.
      const next = `kill ${String(kill)} ${String(Math.ceil(lines.length / 2))}`;
      if (store.findAnswers([fingerprintOf(next)]).size > 0) expectEntry(store, `answer ${next}`);
      expect(store.statistics().damaged).toBe(0);
      store.close();
    }
    expect(done.length).toBeGreaterThanOrEqual(10);
  },
);

test.each(shardBudgets)("processes that write at once lose nothing (%i)", { timeout: 120_000 }, async (shardBudget) => {
  const folder = makeTemporaryFolder();
  const count = 40;
  // The first two write the same names: whoever comes second leaves what is there.
  const prefixes = ["same", "same", "own"];
  const ends = await Promise.all(prefixes.map((prefix) => startWriter({ folder, prefix, count, shardBudget }).end));
  expect(ends.map(({ errors }) => errors)).toEqual(["", "", ""]);

  const store = openStore(folder);
  const done = ends.flatMap(({ lines }) => lines);
  expect(done).toHaveLength(3 * 2 * count);
  for (const line of done) expectEntry(store, line);
  const rows = Array.from({ length: count }, (_, index) => rowCount(index)).reduce((sum, next) => sum + next, 0);
  expect(store.statistics()).toMatchObject({
    answers: 2 * count,
    artifacts: 2 * count,
    rows: 2 * rows,
    runs: 3,
    damaged: 0,
  });
  store.close();
});

interface Writer {
  readonly process: ChildProcess;
  readonly firstLine: Promise<void>;
  readonly end: Promise<{ readonly lines: readonly string[]; readonly errors: string }>;
}

interface Writing {
  readonly folder: string;
  readonly prefix: string;
  /** 0: until it is killed. */
  readonly count: number;
  readonly shardBudget: number;
}

function startWriter({ folder, prefix, count, shardBudget }: Writing): Writer {
  const build = new URL("../../../dist/store/sqlite/open-store.js", import.meta.url);
  if (!existsSync(build))
    throw new Error("This test runs the built package in processes of its own: npm run build first.");
  const script = fileURLToPath(new URL("write-entries.mjs", import.meta.url));
  const child = spawn(process.execPath, [script, folder, prefix, String(count), build.href, String(shardBudget)]);
  let output = "";
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const firstLine = new Promise<void>((resolve) => {
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      resolve();
    });
    child.on("close", () => {
      resolve();
    });
  });
  const end = new Promise<{ lines: readonly string[]; errors: string }>((resolve) => {
    // A line that was cut off was not said.
    child.on("close", () => {
      resolve({ lines: output.split("\n").slice(0, -1), errors });
    });
  });
  return { process: child, firstLine, end };
}

/** The contents that `write-entries.mjs` gives to the name in a line of its output. */
function expectEntry(store: Store, line: string): void {
  const [kind, ...words] = line.split(" ");
  const name = words.join(" ");
  const index = Number(words.at(-1));
  if (kind === "answer") {
    const answer = store.findAnswers([fingerprintOf(name)]).get(fingerprintOf(name));
    const artifact = answer === undefined ? null : store.readArtifact(answer.artifact);
    const bytes = Buffer.alloc(1 + ((index * 7919) % 200_000), name);
    expect(Buffer.from(artifact?.bytes ?? []).equals(bytes), line).toBe(true);
    return;
  }
  const examples = Array.from({ length: rowCount(index) }, (_, row) => hashOf(`${name} ${String(row)}`));
  const target = new Float32Array(examples.length * 96);
  const reading = store.readRows(recipeOf("recipe"), examples, target);
  let step = reading.next();
  while (step.done !== true) step = reading.next();
  expect(step.value, line).toEqual([]);
  const expected = Float32Array.from({ length: target.length }, (_, at) => index + at / 64);
  expect(Buffer.from(target.buffer).equals(Buffer.from(expected.buffer)), line).toBe(true);
}

function rowCount(index: number): number {
  return 1 + ((index * 31) % 300);
}
