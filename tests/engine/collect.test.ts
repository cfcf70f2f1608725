import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  addReach,
  collectGarbage,
  createInProcessExecutor,
  createReach,
  openStore,
  planCollection,
  type CollectOptions,
  type CollectPolicy,
  type ProgramReach,
  type Reach,
  type RemovalSummary,
  type Store,
  type StoreInventory,
} from "@exp-lab/runner";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBench, program, type Bench } from "./run-program.ts";

const folder = mkdtempSync(join(tmpdir(), "exp-collect-"));
let opened = 0;
let bench: Bench;
beforeEach(() => {
  bench = createBench(openStore(join(folder, String(opened++))));
});
afterEach(() => {
  bench.close();
  if (opened > 0) rmSync(join(folder, String(opened - 1)), { recursive: true, force: true });
});

const everything: CollectPolicy = { usedBefore: null, mostBytes: null };

/** Adds what a program reaches. */
function reachOf(reach: Reach, kept: string, on: Bench): Promise<ProgramReach> {
  return addReach(reach, on.compile(kept), {
    program: "test.exp",
    ops: on.ops,
    libraryVersions: {},
    store: on.store,
    hashFiles: createInProcessExecutor(on.ops).hashFiles,
    hashBudget: 0,
    rehash: true,
    onProgress: () => undefined,
  });
}

/** Keeps what the programs reach and removes of the rest what the policy says. */
async function collect(kept: readonly string[], policy = everything, on = bench): Promise<RemovalSummary> {
  const reach = createReach();
  for (const text of kept) await reachOf(reach, text, on);
  const options: CollectOptions = { store: on.store, ops: on.ops, reach, policy };
  const chosen = await planCollection(options);
  return collectGarbage(chosen, options, { signal: new AbortController().signal, onProgress: () => undefined });
}

/** Everything that a store holds, by name alone. */
function contents(store: Store): Readonly<Record<string, readonly string[]>> {
  const { answers, contentAnswers, artifacts, shards } = toEnd<StoreInventory>(store.takeInventory());
  return {
    answers: answers.map(({ fingerprint, artifact }) => `${fingerprint} ${artifact}`).sort(),
    contentAnswers: contentAnswers.map(({ recipe, key, artifact }) => `${recipe} ${key} ${artifact}`).sort(),
    artifacts: artifacts.map(({ digest }) => digest as string).sort(),
    rows: shards.flatMap(({ recipe, examples }) => examples.map((example) => `${recipe} ${example}`)).sort(),
  };
}

function toEnd<Result>(steps: Generator<unknown, Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

interface Draft {
  readonly factors: readonly number[];
  readonly neighbours: readonly number[];
  readonly isSearched: boolean;
  readonly metric: string;
}

/** Programs that share data, backbones, heads and whole sweeps with each other, as the tables of one paper do. */
const draft: fc.Arbitrary<Draft> = fc.record({
  factors: fc.uniqueArray(fc.constantFrom(1, -1, 2, 3), { minLength: 1, maxLength: 2 }),
  neighbours: fc.uniqueArray(fc.constantFrom(1, 3, 5), { minLength: 1, maxLength: 2 }),
  isSearched: fc.boolean(),
  metric: fc.constantFrom("test.auroc", "test.accuracy"),
});

function textOf({ factors, neighbours, isSearched, metric }: Draft): string {
  const backbones = factors.map((factor, index) => `backbone b${String(index)} = scale { factor: ${String(factor)} }`);
  const heads = neighbours.map((k, index) => `head h${String(index)} = knn { k: ${String(k)} }`);
  if (isSearched)
    heads.push("head tuned = logistic { search { over { c: [0.1, 1] } select: max val.auroc refit: train } }");
  const names = (lines: readonly string[]): string => lines.map((line) => line.split(" ")[1]).join(", ");
  return `exp 1
dataset points = lines { file: "points.txt" }
${[...backbones, ...heads].join("\n")}
sweep all { dataset: points  backbone: [${names(backbones)}]  head: [${names(heads)}] }
table "All" { from: all  rows: backbone, head  cells: ${metric} }
`;
}

describe("what is kept for programs", () => {
  it("is exactly what a store would hold in which they alone had run", async () => {
    const drafts = fc.array(fc.record({ draft, isKept: fc.boolean() }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(drafts, async (entries) => {
        const mixed = createBench();
        const alone = createBench();
        try {
          const texts = entries.map((entry) => textOf(entry.draft));
          for (const text of texts) await mixed.run(text);
          const kept = texts.filter((_, index) => entries[index]?.isKept === true);
          const tables = new Map<string, string>();
          for (const text of kept) tables.set(text, (await alone.run(text)).text);
          await collect(kept, everything, mixed);
          expect(contents(mixed.store)).toEqual(contents(alone.store));
          for (const text of texts) {
            const again = await mixed.run(text);
            if (!kept.includes(text)) continue;
            expect(again.summary).toMatchObject({ computed: 0, failed: 0, forwardPasses: 0 });
            expect(again.text).toBe(tables.get(text));
          }
        } finally {
          mixed.close();
          alone.close();
        }
      }),
      { numRuns: 25, seed: 20260205 },
    );
  });

  it("is the same in a file, and a removed program is computed again", async () => {
    const [first, second] = [program, program.replace("factor: 1", "factor: 2")];
    const alone = createBench();
    const { text } = await alone.run(first);
    await bench.run(first);
    const { text: secondText } = await bench.run(second);
    const summary = await collect([first]);
    expect(summary.rows).toBeGreaterThan(0);
    expect(contents(bench.store)).toEqual(contents(alone.store));
    alone.close();
    expect(await bench.run(first)).toMatchObject({ text, summary: { computed: 0, forwardPasses: 0 } });
    const again = await bench.run(second);
    expect(again.text).toBe(secondText);
    expect(again.summary.forwardPasses).toBe(summary.rows);
    expect(bench.counts.calls.get("lines")).toBeUndefined();
  });

  it("is also what is stored by the bytes of its inputs alone", async () => {
    await bench.run(program);
    const sameBytes = program.replace("factor: 1", "factor: -1");
    const { text } = await bench.run(sameBytes);
    await collect([program]);
    const again = await bench.run(sameBytes);
    expect(again.text).toBe(text);
    expect(again.summary).toMatchObject({ computed: 1, forwardPasses: 0 });
  });

  it("are the rows of a data set that has grown since, before it is read again", async () => {
    await bench.run(program);
    const points = readFileSync(join(bench.folder, "points.txt"), "utf8");
    bench.write("points.txt", `${points}\ntest 1 3 4\ntest 0 5 6`);
    const found = await reachOf(createReach(), program, bench);
    expect(found).toMatchObject({ unknownRows: 2 });
    await collect([program]);
    expect((await bench.run(program)).summary.forwardPasses).toBe(2);
  });

  it("is nothing less because a file is missing: that stops it", async () => {
    await bench.run(program);
    const before = contents(bench.store);
    await expect(collect([program.replace("points.txt", "gone.txt")])).rejects.toThrow("gone.txt");
    expect(contents(bench.store)).toEqual(before);
  });
});

describe("by age", () => {
  const day = 24 * 60 * 60 * 1000;
  const pastFolders: string[] = [];
  afterEach(() => {
    for (const past of pastFolders.splice(0)) rmSync(past, { recursive: true });
  });
  const ago = (days: number): Date => new Date(Date.now() - days * day);
  /** A bench whose runs are begun so long ago. */
  const benchOf = (days: number): Bench => {
    const { store } = bench;
    const past = createBench({
      ...store,
      startRun: (run) => store.startRun({ ...run, startedAt: ago(days) }),
      noteUse: (fingerprints) => {
        store.noteUse(fingerprints, ago(days));
      },
    });
    pastFolders.push(past.folder);
    past.write("points.txt", readFileSync(join(bench.folder, "points.txt"), "utf8"));
    return past;
  };
  const [old, young] = [program, program.replace("factor: 1", "factor: 2")];

  it("goes what was neither made nor used since, and its history but for the newest of each task", async () => {
    await benchOf(100).run(old);
    await benchOf(90).run(old.replace("k: 3", "k: 5"));
    await benchOf(10).run(young);
    expect(await collect([], { usedBefore: ago(101), mostBytes: null })).toMatchObject({ answers: 0, rows: 0 });
    const summary = await collect([], { usedBefore: ago(30), mostBytes: null });
    expect(summary.rows).toBe(20);
    expect((await bench.run(young)).summary).toMatchObject({ computed: 0, forwardPasses: 0 });
    // Scores that both gave are in use still; what needs features passes every image again.
    expect((await bench.run(old.replace("k: 3", "k: 7"))).summary.forwardPasses).toBe(20);
    expect(bench.counts.calls.get("lines")).toBeUndefined();
  });

  it("stays what was used since, and what the programs named reach", async () => {
    await benchOf(100).run(old);
    await benchOf(100).run(young);
    await benchOf(5).run(young);
    expect(await collect([old], { usedBefore: ago(30), mostBytes: null })).toMatchObject({ answers: 0, rows: 0 });
    expect((await collect([], { usedBefore: ago(30), mostBytes: null })).rows).toBe(20);
    expect((await bench.run(young)).summary.computed).toBe(0);
  });

  it("is what was used longest ago the first to go for the sake of size, features before the rest", async () => {
    bench.close();
    bench = createBench();
    const alone = createBench();
    await alone.run(young);
    await benchOf(100).run(old);
    await benchOf(50).run(young);
    const before = contents(bench.store);
    const first = await planCollection({
      ...{ store: bench.store, ops: bench.ops, reach: createReach() },
      policy: { usedBefore: null, mostBytes: bytesOf(bench.store) - 1 },
    });
    expect(contents(bench.store)).toEqual(before);
    expect(first.summary).toMatchObject({ artifacts: 1, rows: 0 });
    expect(bench.store.readArtifact(first.removal.artifacts[0]!)?.kind).toBe("features");

    await collect([], { usedBefore: null, mostBytes: bytesOf(alone.store) });
    const { artifacts, rows } = contents(bench.store);
    expect({ artifacts, rows }).toEqual({
      artifacts: contents(alone.store)["artifacts"],
      rows: contents(alone.store)["rows"],
    });
    alone.close();
    await collect([young], { usedBefore: null, mostBytes: 0 });
    expect((await bench.run(young)).summary).toMatchObject({ computed: 0, forwardPasses: 0 });
    await collect([], { usedBefore: null, mostBytes: 0 });
    expect(contents(bench.store)).toMatchObject({ artifacts: [], answers: [], rows: [] });
  });
});

function bytesOf(store: Store): number {
  return toEnd<StoreInventory>(store.takeInventory()).usedBytes;
}

it("takes what another run is just using from under it, and the run comes to the same table", async () => {
  const undisturbed = createBench();
  const { text, tables } = await undisturbed.run(program);
  undisturbed.close();
  await bench.run(program.replace("k: 3", "k: 5"));
  const removals: Promise<unknown>[] = [];
  let seen = 0;
  const disturbed = await bench.run(program, new AbortController().signal, (event) => {
    // What is stored is counted on by now.
    if (event.event !== "task.finished" || ++seen % 4 !== 1) return;
    removals.push(collect([], { usedBefore: null, mostBytes: 0 }));
  });
  await Promise.all(removals);
  expect(removals.length).toBeGreaterThan(1);
  const right = tables[0]?.cells.map(({ mean }) => mean) ?? [];
  disturbed.tables[0]?.cells.forEach(({ mean }, index) => {
    expect([right[index], null]).toContain(mean);
  });
  expect((await bench.run(program)).text).toBe(text);
});
