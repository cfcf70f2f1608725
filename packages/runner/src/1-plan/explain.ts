import type { Origin, Task } from "@exp-lab/dsl";
import { canonicalJson, type Json } from "../hash/canonical-json.ts";
import type { Fingerprint } from "../hash/digests.ts";
import type { Store, StoredRunTask } from "../store/store.ts";
import type { Manifest } from "./manifest.ts";
import type { FileEntry } from "./source-digests.ts";
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
  const { manifest } = planned.question;
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
  const change = (field: string, then: string, present: string, param?: string): Change => ({
    task,
    field,
    before: then,
    now: present,
    origin: (param === undefined ? undefined : task.paramOrigins[param]) ?? task.origin,
  });
  if (past.op !== now.op) return [change("op", past.op, now.op)];
  return [
    ...(past.version === now.version ? [] : [change("version of the op", String(past.version), String(now.version))]),
    ...differing(past.params, now.params).map((name) =>
      change(name, show(past.params[name]), show(now.params[name]), name),
    ),
    ...differing(past.files, now.files).map((name) =>
      change(
        name === "sources" ? "files of the data set" : `contents of ${name}`,
        showFile(past.files[name]),
        showFile(now.files[name]),
        name,
      ),
    ),
    ...differing(past.libraries, now.libraries).map((name) =>
      change(`version of ${name}`, past.libraries[name] ?? "absent", now.libraries[name] ?? "absent"),
    ),
  ];
}

function differing(
  past: Readonly<Record<string, Json | FileEntry>>,
  now: Readonly<Record<string, Json | FileEntry>>,
): readonly string[] {
  const names = [...new Set([...Object.keys(past), ...Object.keys(now)])].sort();
  return names.filter((name) => show(past[name]) !== show(now[name]));
}

function show(value: Json | FileEntry | undefined): string {
  return value === undefined ? "absent" : canonicalJson(value);
}

function showFile(entry: FileEntry | undefined): string {
  if (entry === undefined) return "absent";
  if (typeof entry === "string") return entry.slice(0, 12);
  return `${String(entry.count)} files, ${entry.digest.slice(0, 12)}`;
}
