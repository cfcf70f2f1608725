import type { Origin, Task } from "@exp-lab/dsl";
import type { Fingerprint } from "../hash/digests.ts";
import type { Store, StoredRunTask } from "../store/store.ts";
import { manifestChanges } from "./manifest-changes.ts";
import { manifestOf, type Manifest } from "./manifest.ts";
import { slotOf, type PlannedById, type PlannedTask } from "./plan.ts";

/** Why a task ran, or would run, or did not. */
export type Explanation =
  /** The very question was answered before. */
  | { readonly kind: "stored"; readonly madeBy: Maker | null; readonly changes: readonly Change[] }
  /** The task of this name asked something else before: what differs, down to the roots. */
  | { readonly kind: "changed"; readonly changes: readonly Change[] }
  /** The last try of this very question gave no answer. */
  | { readonly kind: "unanswered"; readonly outcome: string; readonly when: Date }
  /** No task of this name was ever asked. */
  | { readonly kind: "new" }
  /** Files that the question hangs on are not hashed yet. */
  | { readonly kind: "unhashed" };

export interface Maker {
  readonly run: number;
  readonly program: string;
  readonly startedAt: Date;
  readonly seconds: number;
}

/** One field of one question, before and now. */
export interface Change {
  /** The task whose own field changed: the one asked about, or one upstream of it. */
  readonly task: Task;
  /** e.g. `image_size`, `file weights`, `version of onnxruntime-node`. */
  readonly field: string;
  readonly before: string;
  readonly now: string;
  /** Where the present value is written; the declaration where it is a default. */
  readonly origin: Origin;
}

/** How many past questions of a slot are looked at to find the one that differs. */
const pastQuestions = 50;

export function explainTask(planned: PlannedTask, all: PlannedById, store: Store, program: string): Explanation {
  if (planned.question === null) return { kind: "unhashed" };
  const { fingerprint } = planned.question;
  const past = store.findRunTasks(slotOf(program, planned.task), pastQuestions);
  const changesFrom = (before: StoredRunTask | undefined): readonly Change[] =>
    before === undefined ? [] : changesSince(planned, before.fingerprint, all, store);

  if (planned.answer !== null) {
    const madeBy = store.findMaker(fingerprint);
    // Only what was asked before the answer was made can be why it was made.
    const before = past.find((entry) => entry.fingerprint !== fingerprint && entry.run < (madeBy?.run ?? 0));
    return { kind: "stored", madeBy, changes: changesFrom(before) };
  }
  const lastTry = past.find((entry) => entry.fingerprint === fingerprint);
  if (lastTry !== undefined) return { kind: "unanswered", outcome: lastTry.outcome, when: lastTry.startedAt };
  return past.length === 0 ? { kind: "new" } : { kind: "changed", changes: changesFrom(past[0]) };
}

/** The fields that differ between a past question and the present one; a changed input is followed to its own fields. */
function changesSince(planned: PlannedTask, before: Fingerprint, all: PlannedById, store: Store): readonly Change[] {
  const text = store.readManifest(before);
  if (text === null || planned.question === null) return [];
  const past = JSON.parse(text) as Manifest;
  const manifest = manifestOf(planned.question);
  return [
    ...ownChanges(planned.task, past, manifest),
    ...Object.entries(manifest.inputs).flatMap(([name, now]) => {
      const then = past.inputs[name];
      const upstream = all.get(planned.task.inputs[name] ?? "");
      return then === undefined || then === now || upstream === undefined
        ? []
        : changesSince(upstream, then, all, store);
    }),
  ].filter(isFirstOfItsKind);
}

function isFirstOfItsKind(change: Change, index: number, all: readonly Change[]): boolean {
  return all.findIndex((other) => other.task.id === change.task.id && other.field === change.field) === index;
}

function ownChanges(task: Task, past: Manifest, now: Manifest): readonly Change[] {
  return manifestChanges(past, now).map(({ param, ...change }) => ({
    task,
    ...change,
    origin: (param === null ? undefined : task.paramOrigins[param]) ?? task.origin,
  }));
}
