import { manifestChanges } from "../../1-plan/manifest-changes.ts";
import type { Manifest } from "../../1-plan/manifest.ts";
import type { Fingerprint } from "../../hash/digests.ts";
import type { AskedTask, Store } from "../../store/store.ts";
import type { PairedTasks, TaskPair } from "./pair-tasks.ts";

/** One field of one task's own question, before and now. */
export interface QuestionChange {
  readonly label: string;
  readonly field: string;
  readonly before: string;
  readonly now: string;
}

export interface QuestionChanges {
  /** What changed at the roots; the questions of what hangs on them changed with them. */
  readonly roots: readonly QuestionChange[];
  /** Tasks whose question, before or now, the store does not know (any more). */
  readonly unknown: readonly string[];
}

export function questionChanges({ both, ...unpaired }: PairedTasks, store: Store): QuestionChanges {
  const names = new Map<Fingerprint, string>();
  const partners = new Map<Fingerprint, Fingerprint>();
  const add = ({ fingerprint, label }: AskedTask): unknown => names.set(fingerprint, label);
  for (const task of [...unpaired.onlyBefore, ...unpaired.onlyNow]) add(task);
  for (const { before, now } of both) {
    add(before);
    add(now);
    partners.set(before.fingerprint, now.fingerprint);
  }
  const changed = both.filter(({ before, now }) => before.fingerprint !== now.fingerprint);
  const compared = changed.map((pair) => ({ pair, changes: compare(pair, { names, partners }, store) }));
  return {
    roots: compared.flatMap(({ changes }) => changes ?? []),
    unknown: compared.flatMap(({ pair, changes }) => (changes === null ? [pair.now.label] : [])),
  };
}

interface Known {
  readonly names: ReadonlyMap<Fingerprint, string>;
  /** From a question before to the one that the same task asks now. */
  readonly partners: ReadonlyMap<Fingerprint, Fingerprint>;
}

/** The fields of a task's own question; null where one of the two is not known. */
function compare({ before, now }: TaskPair, known: Known, store: Store): readonly QuestionChange[] | null {
  const [past, present] = [before, now].map(({ fingerprint }) => store.readManifest(fingerprint));
  if (past == null || present == null) return null;
  const [then, at] = [JSON.parse(past) as Manifest, JSON.parse(present) as Manifest];
  const { label } = now;
  const own = manifestChanges(then, at).map(({ field, before: was, now: is }) => ({
    label,
    field,
    before: was,
    now: is,
  }));
  return [...own, ...inputChanges(then, at, known).map((change) => ({ label, ...change }))];
}

/** Inputs that another task gives now; what an input's own task asks otherwise is told there. */
function inputChanges(
  past: Manifest,
  now: Manifest,
  { names, partners }: Known,
): readonly Omit<QuestionChange, "label">[] {
  const inputs = [...new Set([...Object.keys(past.inputs), ...Object.keys(now.inputs)])].sort();
  const nameOf = (fingerprint: Fingerprint | undefined): string =>
    fingerprint === undefined ? "absent" : (names.get(fingerprint) ?? fingerprint.slice(0, 12));
  return inputs.flatMap((name) => {
    const [then, at] = [past.inputs[name], now.inputs[name]];
    const isSame = then === at || (then !== undefined && partners.get(then) === at);
    return isSame ? [] : [{ field: `input ${name}`, before: nameOf(then), now: nameOf(at) }];
  });
}
