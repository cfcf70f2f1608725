import { examplesCodec, type Example } from "@exp-lab/ops";
import type { TaskId } from "@exp-lab/dsl";
import { examplesInput, rowInputs } from "../1-plan/count-examples.ts";
import { findByContent } from "../1-plan/find-by-content.ts";
import { contentKey, rowRecipe } from "../1-plan/manifest.ts";
import { slotOf, type PlannedById, type PlannedQuestion, type PlannedTask } from "../1-plan/plan.ts";
import { findChangedFile } from "../1-plan/watched-file.ts";
import { digestOf, type Digest, type Fingerprint, type Recipe } from "../hash/digests.ts";
import type { ComputedCost, LeaseNumber, NewContentAnswer, StoredShard, TaskTimes } from "../store/store.ts";
import { absentWeights } from "./absent-weights.ts";
import { changedFile } from "./changed-file.ts";
import type { ExecuteOptions } from "./execute-options.ts";
import type { CallAnswer, CallHooks, OpCall } from "./executor.ts";
import { countInputBytes, gatherInputs, LostAnswer, type Allocate, type Upstream } from "./gather-inputs.ts";
import { makersRead } from "./makers-read.ts";
import type { KeyedLocks } from "./keyed-locks.ts";
import type { TaskAnswer, TaskFailure, TaskOutcome } from "./outcome.ts";
import { passingExamples, type PassingRows } from "./passing-rows.ts";
import { rowSetBytes } from "./row-set.ts";
import { runPerExample } from "./run-per-example.ts";
import type { SharedMemory } from "./shared-memory.ts";
import { cached, heldBy, isLostWorker, type Ended } from "./ended.ts";
import { isSpread } from "./is-spread.ts";
import { tookTooLong } from "./took-too-long.ts";
import type { TrackNumbers } from "./track-numbers.ts";
import type { WorkClock } from "./work-clock.ts";

export interface RunTaskOptions extends ExecuteOptions {
  /** The answer of a task that has ended well. */
  readonly answerOf: (id: TaskId) => TaskAnswer;
  readonly plannedById: PlannedById;
  /** Tasks that make rows of one recipe go one after the other, so that no image they share is computed twice. */
  readonly rowLocks: KeyedLocks<Recipe>;
  /** For the rows that several threads read. */
  readonly sharedMemory: SharedMemory;
  readonly tracks: TrackNumbers;
  readonly clock: WorkClock;
  /** Hears of rows that are made for this run alone. */
  readonly onPassing: (rows: PassingRows) => void;
  /** Computes a lost answer anew; false where that cannot be done. */
  readonly restore: (lost: Upstream) => Promise<boolean>;
}

interface SaveOptions {
  readonly lease: LeaseNumber | undefined;
  readonly times: Pick<TaskTimes, "track" | "startedMs" | "endedMs">;
}

/** One task under way, and what is known of its inputs. */
export class TaskWork {
  readonly #planned: PlannedTask;
  readonly #question: PlannedQuestion;
  readonly #options: RunTaskOptions;
  readonly #shards: StoredShard[] = [];
  #bytes: Uint8Array | null = null;
  #runningMs: number | null = null;
  #examples: TaskTimes["examples"] = null;
  #timeLimit: AbortSignal | null = null;
  /** What its call took, and for how many tasks. */
  #took = { seconds: 0, members: 1 };
  #inputBytes = 0;
  #madeRows = 0;
  /** Of all workers of the last try; null where it is not known. */
  #peakBytes: number | null = null;
  #isRetry = false;

  constructor(planned: PlannedTask, options: RunTaskOptions) {
    if (planned.question === null) throw new Error(`"${planned.task.label}" is to run, but its files are not hashed.`);
    this.#planned = planned;
    this.#question = planned.question;
    this.#options = options;
  }

  get fingerprint(): Fingerprint {
    return this.#question.fingerprint;
  }

  /** Whether the plan found its answer. */
  get isStored(): boolean {
    return this.#planned.answer !== null;
  }

  /** An answer that is there already: planned, made meanwhile by somebody else, or found by the bytes of the inputs. */
  lookUp(): Ended | null {
    const { answer, op } = this.#planned;
    const { store } = this.#options;
    if (answer !== null) return cached(answer.byContent ? "same-bytes" : "stored", answer);
    const { fingerprint, contentRecipe } = this.#question;
    const made = store.findAnswers([fingerprint]).get(fingerprint);
    if (made !== undefined) return cached("stored", made);
    if (!op.deterministic) return null;
    const same = findByContent(store, contentRecipe, this.#inputDigests());
    return same === null ? null : cached("same-bytes", same);
  }

  get isPerExample(): boolean {
    return this.#planned.op.shape === "per example";
  }

  /** The outcome of an answer, unless a file that it was made from has changed meanwhile. */
  async check(answer: CallAnswer): Promise<TaskOutcome> {
    const outcome = this.#outcomeOf(answer);
    const changed = outcome.outcome === "computed" ? await this.#findChangedFile() : null;
    return changed === null ? outcome : this.#failed(changedFile(changed));
  }

  async #findChangedFile(): Promise<string | null> {
    return findChangedFile(this.#readQuestions().flatMap(({ files }) => files));
  }

  #findAbsentWeights(): TaskFailure | null {
    const [name] = this.#readQuestions().flatMap(({ absentWeights: absent }) => absent ?? []);
    return name === undefined ? null : absentWeights(name);
  }

  #readQuestions(): readonly PlannedQuestion[] {
    return [this.#question, ...makersRead(this.#planned, this.#options.plannedById)];
  }

  /** Calls a single op; or a fused one, for all of the works. */
  async call(works: readonly TaskWork[]): Promise<readonly CallAnswer[]> {
    const { clock } = this.#options;
    const timed = clock.begin(isSpread(this.#planned.op, works.length));
    try {
      return await this.#callTogether(works);
    } finally {
      const took = { seconds: clock.end(timed), members: works.length };
      for (const work of works) {
        work.#took = took;
        work.#inputBytes = this.#inputBytes;
        work.#peakBytes = this.#peakBytes;
      }
    }
  }

  async #callTogether(works: readonly TaskWork[]): Promise<readonly CallAnswer[]> {
    const { executor, sharedMemory } = this.#options;
    const { op } = this.#planned;
    const failure = this.#findAbsentWeights();
    if (failure !== null) return works.map(() => ({ ok: false, failure }));
    const hooks = this.#hooks();
    // One call, one limit.
    for (const work of works) work.#timeLimit = this.#timeLimit;
    if (op.shape !== "fused") return executor.call(await this.#call([]), hooks);
    const members = works.map((work) => work.#planned.task.params);
    const mostParts = Math.floor(members.length / op.fewestInCall);
    if (mostParts <= 1) return executor.call({ ...(await this.#call([])), members }, hooks);
    return sharedMemory.lend(async (allocate) =>
      executor.call({ ...(await this.#call([], allocate)), members, mostParts }, hooks),
    );
  }

  async computePerExample(): Promise<readonly [Ended]> {
    const { task, op } = this.#planned;
    const { store } = this.#options;
    const listed = examplesInput(op);
    const upstream = this.#upstream(task.inputs[listed] ?? "");
    const artifact = store.readArtifact(upstream.answer.artifact);
    if (artifact === null) throw new LostAnswer(upstream);
    const { examples } = examplesCodec.decode(artifact.bytes);
    const digests = this.#inputDigests();
    const inputs = Object.fromEntries(rowInputs(op).map((name) => [name, digests[name]!]));
    const recipe = rowRecipe(this.#question.contentRecipe, inputs);
    const { rowLocks, leases } = this.#options;
    return rowLocks.holding(recipe, async () => {
      const claim = leases.claim([recipe]).get(recipe);
      if (claim?.state !== "ours") return [heldBy(claim)];
      const timed = this.#options.clock.begin(true);
      try {
        const ended = await this.#computeRows(recipe, { examples, listed });
        if (!isLostWorker(ended.outcome) || !this.mayRetry) return [ended];
        // Rows that were stored before stay: only the others are made by another worker.
        this.tryAgain();
        return [await this.#computeRows(recipe, { examples, listed }, ended.forwardPasses)];
      } finally {
        this.#took = { seconds: this.#options.clock.end(timed), members: 1 };
        leases.release([claim.lease]);
      }
    });
  }

  async #computeRows(
    recipe: Recipe,
    { examples, listed }: { readonly examples: readonly Example[]; readonly listed: string },
    passesBefore = 0,
  ): Promise<Ended> {
    const { op } = this.#planned;
    const { executor, run, store } = this.#options;
    const missing = store.missingRows(
      recipe,
      examples.map((example) => example.digest),
    );
    // An image that occurs twice has one row: counting it twice would show a copy as stored on the very first run.
    const total = new Set(examples.map((example) => example.digest)).size;
    this.announce({ missing: missing.length, total });
    const absent = missing.length === 0 ? null : this.#findAbsentWeights();
    if (absent !== null) return { outcome: this.#failed(absent), forwardPasses: passesBefore };
    const call = await this.#call([listed]);
    const findChanged = (): Promise<string | null> => this.#findChangedFile();
    const hooks = this.#hooks();
    const result = await runPerExample({
      ...{ call, recipe, examples, missing, store, executor, run, hooks },
      findChangedFile: findChanged,
      onShard: ({ examples: stored, rows }) => {
        this.#shards.push({ atMs: this.#options.sinceStart(), rows: stored.length, bytes: rows.byteLength });
      },
      onHalved: (batchSize) => {
        this.#announceRetry("out-of-memory", batchSize);
      },
    });
    const forwardPasses = passesBefore + result.forwardPasses;
    this.#madeRows = forwardPasses;
    if (!result.ok) return { outcome: this.#failed(result.failure), forwardPasses };
    const answer: CallAnswer = {
      ok: true,
      kind: op.signature.output,
      bytes: result.bytes,
      digest: digestOf(result.bytes),
    };
    const outcome = await this.check(answer);
    const passing = passingExamples(examples);
    if (outcome.outcome === "computed" && passing.size > 0) {
      const { artifact } = outcome.answer;
      this.#options.onPassing({ fingerprint: this.fingerprint, artifact, recipe, examples: passing });
    }
    return { outcome, forwardPasses };
  }

  /**
   * Stores what is to be stored of the outcome: answers as answers, and every end but a plain hit as provenance. False, and
   * nothing is stored, where the answer came after its lease had run out and another run had taken the task over.
   */
  save(outcome: TaskOutcome, seconds: number, { lease, times }: SaveOptions): boolean {
    const { store, run, program, leases } = this.#options;
    const { fingerprint, text: manifest } = this.#question;
    if (outcome.outcome === "cached" && outcome.reason === "stored") return true;
    if (outcome.outcome === "computed" && this.#bytes !== null) {
      const content = this.#planned.op.deterministic ? { content: this.#contentAnswer() } : {};
      const under = lease === undefined ? {} : { lease };
      const answer = {
        fingerprint,
        manifest,
        ...outcome.answer,
        bytes: this.#bytes,
        ...content,
        ...under,
        run,
        seconds,
      };
      if (!store.saveAnswer(answer)) return false;
      if (lease !== undefined) leases.forget(lease);
    }
    if (outcome.outcome === "cached") store.linkAnswer({ fingerprint, manifest, ...outcome.answer, run });
    const reason = outcome.outcome === "cached" ? outcome.reason : null;
    const slot = slotOf(program, this.#planned.task);
    const all = { ...times, runningMs: this.#runningMs, examples: this.#examples, shards: this.#shards };
    const end = { run, slot, fingerprint, manifest, outcome: outcome.outcome, reason, seconds, times: all };
    const cost = outcome.outcome === "computed" && this.#bytes !== null ? { cost: this.#cost(this.#bytes) } : {};
    store.saveRunTask({ ...end, ...cost });
    return true;
  }

  /** For predictions. */
  #cost(artifact: Uint8Array): ComputedCost {
    const { op } = this.#planned;
    const { seconds, members } = this.#took;
    const examples = this.#examples === null ? null : { made: this.#madeRows, total: this.#examples.total };
    return {
      op: op.signature.name,
      version: op.signature.version,
      seconds: seconds / members,
      members,
      examples,
      storedBytes: this.#shards.reduce((sum, { bytes }) => sum + bytes, artifact.byteLength),
      inputBytes: this.#inputBytes,
      outputBytes: examples === null ? artifact.byteLength : rowSetBytes(artifact),
      peakBytes: this.#peakBytes,
    };
  }

  #contentAnswer(): NewContentAnswer {
    const inputs = this.#inputDigests();
    const recipe = this.#question.contentRecipe;
    return { key: contentKey(recipe, inputs), recipe, inputs };
  }

  #outcomeOf(answer: CallAnswer): TaskOutcome {
    if (!answer.ok) return this.#failed(answer.failure);
    this.#bytes = answer.bytes;
    return { outcome: "computed", answer: { kind: answer.kind, artifact: answer.digest } };
  }

  /** Whatever an op says while the run is being stopped, it was stopped. */
  #failed(failure: TaskFailure): TaskOutcome {
    const { signal, taskSeconds = 0 } = this.#options;
    if (signal.aborted) return { outcome: "cancelled" };
    return { outcome: "failed", failure: this.#timeLimit?.aborted === true ? tookTooLong(taskSeconds) : failure };
  }

  #upstream(id: TaskId): Upstream {
    const planned = this.#options.plannedById.get(id);
    if (planned === undefined) throw new Error(`The input "${id}" is not in the plan.`);
    return { planned, answer: this.#options.answerOf(id) };
  }

  #inputDigests(): Readonly<Record<string, Digest>> {
    const { task, op } = this.#planned;
    const named = Object.entries(task.inputs).filter(([name]) => op.signature.inputs[name]?.locator !== true);
    return Object.fromEntries(named.map(([name, id]) => [name, this.#options.answerOf(id).artifact]));
  }

  async #call(leftOut: readonly string[], allocate?: Allocate): Promise<OpCall> {
    const { task, op } = this.#planned;
    const { store, device = "cpu" } = this.#options;
    const wanted = Object.entries(task.inputs).filter(([name]) => !leftOut.includes(name));
    const upstreams = Object.fromEntries(wanted.map(([name, id]) => [name, this.#upstream(id)]));
    const inputs = await gatherInputs(upstreams, store, allocate);
    this.#inputBytes = countInputBytes(inputs);
    const { fileDigests, sourceDigests } = this.#question;
    return {
      op: task.op,
      params: task.params,
      inputs,
      fileDigests,
      ...(sourceDigests !== undefined && { sourceDigests }),
      ...(op.shape === "per example" ? { device } : {}),
      pseudonymKey: store.pseudonymKey(),
    };
  }

  announce(examples?: { missing: number; total: number }): void {
    // Announced anew where an input had to be computed anew: what counts is when it first set to work.
    this.#runningMs ??= this.#options.sinceStart();
    this.#examples ??= examples ?? null;
    const { id, op, label } = this.#planned.task;
    this.#options.emit({ event: "task.started", task: id, op, label, ...(examples === undefined ? {} : { examples }) });
  }

  /** What is called from now on is tried again, since the worker was lost. */
  tryAgain(): void {
    this.#isRetry = true;
    this.#announceRetry("worker-lost");
  }

  #announceRetry(cause: string, batchSize?: number): void {
    const { id, label } = this.#planned.task;
    const change = batchSize === undefined ? {} : { batchSize };
    this.#options.emit({ event: "task.retried", task: id, label, cause, ...change });
  }

  /** False once it is being stopped, by whomever. */
  get mayRetry(): boolean {
    return !this.#options.signal.aborted && this.#timeLimit?.aborted !== true;
  }

  #hooks(): CallHooks {
    const { signal, taskSeconds } = this.#options;
    this.#peakBytes = null;
    if (taskSeconds !== undefined) this.#timeLimit ??= AbortSignal.timeout(taskSeconds * 1000);
    return {
      isRetry: this.#isRetry,
      signal: this.#timeLimit === null ? signal : AbortSignal.any([signal, this.#timeLimit]),
      // One call, one bar: the first of its tasks stands for all.
      onProgress: (done, total) => {
        this.#options.emit({ event: "task.progress", task: this.#planned.task.id, done, total });
      },
      onPeak: (bytes) => {
        this.#peakBytes = (this.#peakBytes ?? 0) + bytes;
      },
    };
  }
}
