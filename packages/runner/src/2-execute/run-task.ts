import type { PlannedTask } from "../1-plan/plan.ts";
import { StoreError, type ClaimedWork, type LeaseHolder, type LeaseNumber } from "../store/store.ts";
import type { CallAnswer } from "./executor.ts";
import { LostAnswer } from "./gather-inputs.ts";
import type { TaskFailure, TaskOutcome } from "./outcome.ts";
import { failureOf } from "./perform-call.ts";
import { heldBy, type Ended } from "./ended.ts";
import { TaskWork, type RunTaskOptions } from "./task-work.ts";

export interface EndedTask {
  /** Null: another run is computing it. */
  readonly outcome: TaskOutcome | null;
  /** Which run, where that is known. */
  readonly heldBy?: LeaseHolder | null;
  readonly seconds: number;
  readonly forwardPasses: number;
}

/**
 * A task from look-up to stored answer; or several tasks of a fused op, which differ in its fused parameters alone, in one
 * call. An end for each, in order.
 * @throws StoreError where the store cannot be written
 */
export async function runTasks(group: readonly PlannedTask[], options: RunTaskOptions): Promise<readonly EndedTask[]> {
  const track = options.tracks.take();
  try {
    return await runOnTrack(track, group, options);
  } finally {
    options.tracks.release(track);
  }
}

async function runOnTrack(
  track: number,
  group: readonly PlannedTask[],
  options: RunTaskOptions,
): Promise<readonly EndedTask[]> {
  const { sinceStart } = options;
  const startedMs = sinceStart();
  const works = group.map((planned) => new TaskWork(planned, options));
  const claims = claimAll(works, options);
  const leaseOf = (work: TaskWork): LeaseNumber | undefined => {
    const claim = claims.get(work);
    return claim?.state === "ours" ? claim.lease : undefined;
  };
  try {
    // Whoever had a claim before us saved the answer before giving it up: looked up in this order, none is missed.
    const found = works.map((work) => attempt(() => work.lookUp()));
    const open = works.filter((work, index) => found[index] === null && leaseOf(work) !== undefined);
    const computed = open.length === 0 ? [] : await computeAll(open, options);
    const endedMs = sinceStart();
    const seconds = (endedMs - startedMs) / 1000 / Math.max(open.length, 1);
    return works.map((work, index) => {
      const ended = found[index] ?? computed[open.indexOf(work)] ?? heldBy(claims.get(work));
      const wasOpen = open.includes(work);
      const took = wasOpen ? seconds : 0;
      const times = { track, startedMs, endedMs: wasOpen ? endedMs : startedMs };
      const isSaved = ended.outcome === null || work.save(ended.outcome, took, { lease: leaseOf(work), times });
      return { ...(isSaved ? ended : heldBy(undefined)), seconds: took };
    });
  } finally {
    options.leases.release(works.flatMap((work) => leaseOf(work) ?? []));
  }
}

/** Claims those whose answers are not known to be stored. */
function claimAll(works: readonly TaskWork[], { leases }: RunTaskOptions): ReadonlyMap<TaskWork, ClaimedWork> {
  const wanted = works.filter((work) => !work.isStored);
  if (wanted.length === 0) return new Map();
  const claimed = leases.claim(wanted.map((work) => work.fingerprint));
  return new Map(wanted.map((work) => [work, claimed.get(work.fingerprint)!]));
}

/** An input that turns out to be damaged is computed anew, and then the tasks. */
async function computeAll(works: readonly TaskWork[], { restore }: RunTaskOptions): Promise<readonly Ended[]> {
  const [first] = works;
  if (first === undefined) return [];
  for (;;) {
    try {
      return await (first.isPerExample ? first.computePerExample() : computeTogether(works));
    } catch (error) {
      if (error instanceof StoreError) throw error;
      if (!(error instanceof LostAnswer) || !(await restoreUpstream(error, restore))) {
        return works.map(() => failedFor(error));
      }
    }
  }
}

async function restoreUpstream({ upstream }: LostAnswer, restore: RunTaskOptions["restore"]): Promise<boolean> {
  try {
    return await restore(upstream);
  } catch (error) {
    if (error instanceof StoreError) throw error;
    return false;
  }
}

/** One call for all of them; what was lost with its thread is tried once more. */
async function computeTogether(works: readonly TaskWork[]): Promise<readonly Ended[]> {
  for (const work of works) work.announce();
  const answers = new Map(await callAll(works));
  const lost = works.filter((work) => isLost(answers.get(work)!) && work.mayRetry);
  for (const work of lost) work.tryAgain();
  if (lost.length > 0) for (const [work, answer] of await callAll(lost)) answers.set(work, answer);
  const ended: Ended[] = [];
  for (const work of works) ended.push({ outcome: await work.check(answers.get(work)!), forwardPasses: 0 });
  return ended;
}

async function callAll(works: readonly TaskWork[]): Promise<readonly (readonly [TaskWork, CallAnswer])[]> {
  const answers = await works[0]!.call(works);
  return works.map((work, index) => [work, answers[index]!]);
}

function isLost(answer: CallAnswer): boolean {
  return !answer.ok && answer.failure.code === "worker-lost";
}

function attempt(lookUp: () => Ended | null): Ended | null {
  try {
    return lookUp();
  } catch (error) {
    if (error instanceof StoreError) throw error;
    return failedFor(error);
  }
}

function failedFor(error: unknown): Ended {
  return { outcome: { outcome: "failed", failure: describe(error) }, forwardPasses: 0 };
}

function describe(error: unknown): TaskFailure {
  if (!(error instanceof LostAnswer)) return failureOf(error);
  return { code: "answer-lost", message: error.message, hint: "Run again: it is then computed anew.", stack: null };
}
