import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { compile, renderDiagnostic, type TaskGraph } from "@exp-lab/dsl";
import { builtinOps, examplesCodec, type Op } from "@exp-lab/ops";
import { openMemoryStore, planGraph, type Plan, type PlannedTask, type Store } from "@exp-lab/runner";
import { randomFrom } from "../random/random-from.ts";
import { changeMeaning } from "./change-model.ts";
import { askedScores, type AskedScore } from "./identities.ts";
import type { Model } from "./model.ts";
import { randomModel, type Random } from "./random-model.ts";
import { writeProgram, type WrittenProgram } from "./write-program.ts";

export interface ChangeReport {
  /** Scores of changed programs that were compared. */
  readonly scores: number;
  /** Scores that a plan takes from the store though something that they hang on was changed. */
  readonly wrongHits: number;
  /** Scores that a plan would compute though nothing that they hang on was changed. */
  readonly extraMisses: number;
  /** How many changes of each kind there were. */
  readonly kinds: ReadonlyMap<string, number>;
  /** The first few findings. */
  readonly findings: readonly string[];
}

export interface ChangeOptions {
  /** Changes of meaning, and as many of writing alone. */
  readonly changes: number;
  readonly seed: number;
  readonly say?: (text: string) => void;
}

/** So many changes are tried on each program. */
const changesOfProgram = 10;

/**
 * Plans random programs, takes every task of them as computed, and plans each again after a change of meaning, and after a
 * change of writing alone. What is then taken from the store is held against what each score hangs on by the rules of the
 * language (`identities.ts`), which know nothing of the planner's keys.
 */
export async function checkChanges({ changes, seed, say }: ChangeOptions): Promise<ChangeReport> {
  const random = randomFrom(seed);
  const found: Found = { scores: 0, wrongHits: 0, extraMisses: 0, kinds: new Map(), findings: [] };
  for (let done = 0; done < changes; done += changesOfProgram) {
    if (done % 1000 === 0) say?.(`${String(changes - done)} changes to go`);
    const folder = mkdtempSync(join(tmpdir(), "exp-changes-"));
    const store = openMemoryStore();
    try {
      const model = randomModel(random);
      const before = await planModel(model, { folder, store, random });
      const known = new Set(askedScores(model).map(({ identity }) => identity));
      compare("the first plan", { model, planned: before, known: new Set() }, found);
      pretendToRun(before.plan, store);
      for (let change = 0; change < Math.min(changesOfProgram, changes - done); change += 1) {
        const { what, model: changed } = changeMeaning(model, random);
        found.kinds.set(what, (found.kinds.get(what) ?? 0) + 1);
        compare(what, { model: changed, planned: await planModel(changed, { folder, store, random }), known }, found);
        compare("writing alone", { model, planned: await planModel(model, { folder, store, random }), known }, found);
      }
    } finally {
      store.close();
      rmSync(folder, { recursive: true });
    }
  }
  return found;
}

interface Found extends ChangeReport {
  scores: number;
  wrongHits: number;
  extraMisses: number;
  readonly kinds: Map<string, number>;
  readonly findings: string[];
}

interface PlannedModel {
  readonly plan: Plan;
  readonly written: WrittenProgram;
}

interface Compared {
  readonly model: Model;
  readonly planned: PlannedModel;
  /** The identities of scores that are stored. */
  readonly known: ReadonlySet<string>;
}

function compare(what: string, { model, planned: { plan, written }, known }: Compared, found: Found): void {
  const byId = new Map(plan.tasks.map((planned) => [planned.task.id, planned]));
  for (const asked of askedScores(model)) {
    const task = taskOf(asked, plan, written, byId);
    const [isHit, isKnown] = [task.status === "hit", known.has(asked.identity)];
    found.scores += 1;
    if (isHit === isKnown) continue;
    if (isHit) found.wrongHits += 1;
    else found.extraMisses += 1;
    const finding = `${what}: ${task.task.label} is a ${task.status}, and ${isKnown ? "nothing" : "something"} that it hangs on was changed`;
    if (found.findings.length < 5) found.findings.push(`${finding}\n${written.text}`);
  }
}

/** The task that a table of the plan names for a score. */
function taskOf(
  { dataset, backbone, head, metric, seed }: AskedScore,
  plan: Plan,
  { names }: WrittenProgram,
  byId: ReadonlyMap<string, PlannedTask>,
): PlannedTask {
  const cell = plan.tables[0]?.cells.find(
    (each) =>
      each.row["backbone"] === names.get(backbone) &&
      each.row["head"] === names.get(head) &&
      each.column["dataset"] === names.get(dataset) &&
      each.metric === `test.${metric}`,
  );
  const id = cell?.value.kind === "scores" ? cell.value.tasks[seed] : undefined;
  const planned = byId.get(id ?? "");
  if (planned === undefined) throw new Error(`The plan has no score of ${head} on ${backbone} and ${dataset}.`);
  return planned;
}

interface Planning {
  readonly folder: string;
  readonly store: Store;
  readonly random: Random;
}

async function planModel(model: Model, { folder, store, random }: Planning): Promise<PlannedModel> {
  const written = writeProgram(model, random);
  for (const [key, path] of written.paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), model.files[key] ?? "");
  }
  const ops = new Map(builtinOps.map((op) => [op.signature.name, raised(op, model.versions[op.signature.name] ?? 0)]));
  const plan = await planGraph(compileText(written.text, folder, ops), {
    ...{ program: "changed.exp", ops, libraryVersions: {}, store, rehash: true },
    hashBudget: Number.POSITIVE_INFINITY,
    hashFiles: (paths) => Promise.resolve(paths.map((path) => digestOf(readFileSync(path)))),
    onProgress: () => undefined,
  });
  return { plan, written };
}

function raised(op: Op, by: number): Op {
  return by === 0 ? op : { ...op, signature: { ...op.signature, version: op.signature.version + by } };
}

function compileText(text: string, folder: string, ops: ReadonlyMap<string, Op>): TaskGraph {
  const entry = join(folder, "changed.exp");
  const { graph, diagnostics, sources } = compile({
    entry,
    readSource: (path) => (path === entry ? text : null),
    signatures: [...ops.values()].map((op) => op.signature),
    environment: {},
    settings: {},
  });
  if (graph !== null) return graph;
  throw new Error(`${diagnostics.map((found) => renderDiagnostic(found, sources)).join("\n\n")}\n${text}`);
}

type NewAnswer = Parameters<Store["saveAnswer"]>[0];

/** Stores an answer of its own for every question of a plan. */
function pretendToRun({ tasks }: Plan, store: Store): void {
  const run = store.startRun({ program: "changed.exp", startedAt: new Date(0), environment: "{}" });
  for (const { op, question } of tasks) {
    if (question === null) throw new Error("A task has no question.");
    const { fingerprint, text: manifest } = question;
    const kind = op.signature.output;
    const bytes = kind === "examples" ? examplesNamed(fingerprint) : Buffer.from(fingerprint);
    store.saveAnswer({ fingerprint, manifest, kind, artifact: digestOf(bytes), bytes, run, seconds: 1 });
  }
}

function examplesNamed(name: string): Uint8Array {
  return examplesCodec.encode({
    problem: "binary",
    classNames: ["no", "yes"],
    examples: [{ id: "one", digest: digestOf(Buffer.from(name)), locator: "one", group: null }],
    labels: { width: 1, values: Int32Array.of(0) },
    notes: [],
  });
}

function digestOf(bytes: Uint8Array): NewAnswer["artifact"] {
  return createHash("sha256").update(bytes).digest("hex") as NewAnswer["artifact"];
}
