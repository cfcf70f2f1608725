import type { Op } from "@exp-lab/ops";
import type { Store } from "../store/store.ts";
import { chooseRemoval, type ChosenRemoval, type CollectPolicy, type RemovalSummary } from "./choose-removal.ts";
import type { Reach } from "./reach.ts";
import { findRowUses, rowSetKinds } from "./row-uses.ts";

export interface CollectOptions {
  readonly store: Store;
  readonly ops: ReadonlyMap<string, Op>;
  /** What is kept whatever the policy. */
  readonly reach: Reach;
  readonly policy: CollectPolicy;
}

/** Looks through the store and decides what goes; removes nothing. */
export async function planCollection({ store, ops, reach, policy }: CollectOptions): Promise<ChosenRemoval> {
  const inventory = await toEnd(store.takeInventory());
  const needsAges = policy.usedBefore !== null || policy.mostBytes !== null;
  const rowUses = needsAges ? await toEnd(findRowUses(inventory, ops, store)) : new Map<never, never>();
  return chooseRemoval({ inventory, reach, rowUses, rowSetKinds: rowSetKinds(ops), policy });
}

export interface CollectionHooks {
  /** Stops between two transactions; what was removed until then stays removed. */
  readonly signal: AbortSignal;
  readonly onProgress: () => void;
}

/**
 * Removes what was decided on and gives its space back. Pages that hold a few small entries are freed only with the last
 * of them, so that a size is come near to in a few rounds. Gives what was removed in all, but for a round that was stopped.
 */
export async function collectGarbage(
  first: ChosenRemoval,
  options: CollectOptions,
  hooks: CollectionHooks,
): Promise<RemovalSummary> {
  const { store, policy } = options;
  let chosen = first;
  let summary = noRemoval;
  for (let round = 0; round < mostRounds; round++) {
    if (!(await isDone(store.remove(chosen.removal), hooks))) break;
    summary = add(summary, chosen.summary);
    if (!(await isDone(store.giveBackSpace(), hooks)) || policy.mostBytes === null) break;
    chosen = await planCollection(options);
    if (chosen.summary.artifacts + chosen.summary.rows === 0) break;
  }
  return summary;
}

const mostRounds = 8;

const noRemoval: RemovalSummary = { answers: 0, artifacts: 0, artifactBytes: 0, rows: 0, rowBytes: 0 };

function add(a: RemovalSummary, b: RemovalSummary): RemovalSummary {
  return {
    answers: a.answers + b.answers,
    artifacts: a.artifacts + b.artifacts,
    artifactBytes: a.artifactBytes + b.artifactBytes,
    rows: a.rows + b.rows,
    rowBytes: a.rowBytes + b.rowBytes,
  };
}

/** Goes through steps, letting others run between them. */
async function toEnd<Result>(steps: Generator<void, Result>): Promise<Result> {
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value;
    await new Promise(setImmediate);
  }
}

/** The same, until it is stopped: false then. */
async function isDone(steps: Generator<void, void>, { signal, onProgress }: CollectionHooks): Promise<boolean> {
  for (let step = steps.next(); step.done !== true; step = steps.next()) {
    onProgress();
    await new Promise(setImmediate);
    if (signal.aborted) return false;
  }
  return true;
}
