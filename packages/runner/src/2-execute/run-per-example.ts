import { rowWidth, type Example, type ExampleFailure, type ExtractedRows } from "@exp-lab/ops";
import type { Recipe } from "../hash/digests.ts";
import { BatchQueue, type Batch } from "./batch-queue.ts";
import type { NewShard, RunId, Store } from "../store/store.ts";
import type { CallHooks, Executor, ExtractAnswer, OpCall, OpenedExtractor } from "./executor.ts";
import type { TaskFailure } from "./outcome.ts";
import { ChangedFile, changedFile } from "./changed-file.ts";
import { makerOfRows } from "../store/row-makers.ts";
import { encodeRowSet } from "./row-set.ts";

export interface PerExampleRun {
  readonly call: OpCall;
  readonly recipe: Recipe;
  /** All the examples, in order; an image that occurs twice has one row. */
  readonly examples: readonly Example[];
  readonly missing: readonly string[];
  readonly store: Store;
  readonly executor: Executor;
  readonly run: RunId;
  readonly hooks: CallHooks;
  /** Hears that a batch was too large for the memory, and how large those are that come next. */
  readonly onHalved: (examples: number) => void;
  /** Hears of each shard once it is stored. */
  readonly onShard: (shard: NewShard) => void;
  /** Says which file has changed since it was hashed, if one has: its rows would be stored under another file's name. */
  readonly findChangedFile: () => Promise<string | null>;
}

export type PerExampleResult =
  | { readonly ok: true; readonly bytes: Uint8Array; readonly forwardPasses: number }
  | { readonly ok: false; readonly failure: TaskFailure; readonly forwardPasses: number };

/** Computes the rows that are missing, stores them shard by shard, and describes the whole set. */
export async function runPerExample(task: PerExampleRun): Promise<PerExampleResult> {
  const filled = task.missing.length === 0 ? { failures: [], forwardPasses: 0 } : await fill(task);
  const { forwardPasses } = filled;
  if ("failure" in filled) return { ok: false, failure: filled.failure, forwardPasses };
  if (filled.failures.length > 0) return { ok: false, failure: describe(filled.failures, task), forwardPasses };

  const examples = task.examples.map((example) => example.digest);
  const layout = task.store.readLayout(task.recipe);
  const checks = task.store.readRowChecks(task.recipe, examples);
  if (layout === null || checks.includes(null)) throw new Error("Rows that were just stored are not there.");
  const set = { recipe: task.recipe, layout, examples, checks: checks as readonly string[] };
  return { ok: true, bytes: encodeRowSet(set), forwardPasses };
}

type Filled =
  | { readonly failures: readonly ExampleFailure[]; readonly forwardPasses: number }
  | { readonly failure: TaskFailure; readonly forwardPasses: number };

async function fill(task: PerExampleRun): Promise<Filled> {
  const opened = await task.executor.open(task.call, task.hooks);
  if (!opened.ok) return { failure: opened.failure, forwardPasses: 0 };
  const shards = new ShardWriter(task, opened.extractor);
  try {
    const filled = await extractAll(task, opened.extractor, shards);
    await shards.flush();
    return filled;
  } catch (error) {
    if (error instanceof ChangedFile) return { failure: changedFile(error.path), forwardPasses: 0 };
    throw error;
  } finally {
    await opened.extractor.close();
  }
}

async function extractAll(task: PerExampleRun, extractor: OpenedExtractor, shards: ShardWriter): Promise<Filled> {
  const batches = new BatchQueue(missingExamples(task), extractor.batchSize);
  const underWay = new Map<Batch, Promise<readonly [batch: Batch, answer: ExtractAnswer]>>();
  const failures = new Map<number, readonly ExampleFailure[]>();
  let failure: TaskFailure | null = null;
  let [forwardPasses, failed] = [0, 0];
  for (;;) {
    const goesOn = failure === null && !task.hooks.signal.aborted;
    while (goesOn && underWay.size < extractor.batchesAtOnce) {
      const batch = batches.next();
      if (batch === null) break;
      underWay.set(
        batch,
        extractor.extract(batch.examples).then((answer) => [batch, answer]),
      );
    }
    if (underWay.size === 0) break;
    // Lanes overtake each other: rows are stored as they come.
    const [batch, answer] = await Promise.race(underWay.values());
    underWay.delete(batch);
    if (!answer.ok) {
      if (answer.failure.code !== "out-of-memory" || !batches.halve(batch)) failure ??= answer.failure;
      else task.onHalved(batches.size);
      continue;
    }
    await shards.add(answer.rows, batches.size);
    failures.set(batch.start, answer.rows.failures);
    failed += answer.rows.failures.length;
    forwardPasses += answer.rows.digests.length;
    task.hooks.onProgress(forwardPasses + failed, task.missing.length);
  }
  failure ??= batches.isEmpty ? null : stopped;
  const inOrder = [...failures].sort(([a], [b]) => a - b).flatMap(([, found]) => found);
  return failure === null ? { failures: inOrder, forwardPasses } : { failure, forwardPasses };
}

/** Never shown: a task that ends under an aborted signal is cancelled, whatever it says. */
const stopped: TaskFailure = { code: "cancelled", message: "The run was stopped.", hint: null, stack: null };

function missingExamples({ examples, missing }: PerExampleRun): readonly Example[] {
  const byDigest = new Map(examples.map((example) => [example.digest, example]));
  return missing.map((digest) => byDigest.get(digest)!);
}

/** A shard is written when it holds this much, or when its first row has waited this long: what a kill can cost. */
const shardBytes = 2 << 20;
const shardSeconds = 10;

/** Gathers rows into shards. Owns what is not stored yet, so that it can be stored whatever happens. */
class ShardWriter {
  readonly #task: PerExampleRun;
  readonly #extractor: OpenedExtractor;
  #waiting: ExtractedRows[] = [];
  #bytes = 0;
  #since = 0;
  #batchSize = 0;

  constructor(task: PerExampleRun, extractor: OpenedExtractor) {
    this.#task = task;
    this.#extractor = extractor;
  }

  /** @param batchSize of the passes that rows are made in; a shard holds those of one size */
  async add(rows: ExtractedRows, batchSize: number): Promise<void> {
    if (rows.digests.length === 0) return;
    if (batchSize !== this.#batchSize) await this.flush();
    this.#batchSize = batchSize;
    if (this.#waiting.length === 0) this.#since = performance.now();
    this.#waiting.push(rows);
    this.#bytes += rows.rows.byteLength;
    if (this.#bytes >= shardBytes || performance.now() - this.#since >= shardSeconds * 1000) await this.flush();
  }

  /** @throws ChangedFile before anything is stored that another file than the one named was read for */
  async flush(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#bytes = 0;
    const changed = await this.#task.findChangedFile();
    if (changed !== null) throw new ChangedFile(changed);
    const examples = waiting.flatMap((part) => part.digests);
    const rows = new Float32Array(examples.length * rowWidth(this.#extractor.layout));
    let offset = 0;
    for (const part of waiting) {
      rows.set(part.rows, offset);
      offset += part.rows.length;
    }
    const { recipe, run, store } = this.#task;
    const { layout, madeBy } = this.#extractor;
    const shard: NewShard = { recipe, layout, examples, rows, madeBy: makerOfRows(madeBy, this.#batchSize), run };
    store.saveRows(shard);
    this.#task.onShard(shard);
  }
}

const shownFailures = 3;

/** Several damaged images are one failure that names the first few. */
function describe(failures: readonly ExampleFailure[], task: PerExampleRun): TaskFailure {
  const shown = failures.slice(0, shownFailures).map((failure) => failure.message);
  const more = failures.length - shown.length;
  const rest = more > 0 ? [`... and ${String(more)} more.`] : [];
  const whole = `${String(failures.length)} of ${String(task.examples.length)} images could not be used.`;
  return {
    code: failures[0]?.code ?? "image-unusable",
    message: [...(failures.length > 1 ? [whole] : []), ...shown, ...rest].join("\n"),
    hint: "The other images' features are stored. Mend or remove these, then run again: only they are computed.",
    stack: null,
  };
}
