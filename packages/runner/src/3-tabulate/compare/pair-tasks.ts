import type { AskedTask } from "../../store/store.ts";

/** A task of two runs: one name, or one question under two names. */
export interface TaskPair {
  readonly before: AskedTask;
  readonly now: AskedTask;
}

export interface PairedTasks {
  readonly both: readonly TaskPair[];
  readonly onlyBefore: readonly AskedTask[];
  readonly onlyNow: readonly AskedTask[];
}

/**
 * Pairs the tasks of two runs: first those that ask the same under the same name, then those of the same name, then those
 * that ask the same under another name, so that a renamed declaration makes no task a new one.
 */
export function pairTasks(before: readonly AskedTask[], now: readonly AskedTask[]): PairedTasks {
  const partners = new Map<AskedTask, AskedTask>();
  const taken = new Set<AskedTask>();
  for (const keyOf of [keyOfBoth, keyOfName, keyOfQuestion]) {
    const open = new Map<string, AskedTask[]>();
    for (const task of before.filter((each) => !taken.has(each))) {
      const key = keyOf(task);
      open.set(key, [...(open.get(key) ?? []), task]);
    }
    for (const task of now.filter((each) => !partners.has(each))) {
      const partner = open.get(keyOf(task))?.shift();
      if (partner === undefined) continue;
      partners.set(task, partner);
      taken.add(partner);
    }
  }
  return {
    both: now.flatMap((task) => {
      const partner = partners.get(task);
      return partner === undefined ? [] : [{ before: partner, now: task }];
    }),
    onlyBefore: before.filter((task) => !taken.has(task)),
    onlyNow: now.filter((task) => !partners.has(task)),
  };
}

const keyOfBoth = ({ label, fingerprint }: AskedTask): string => `${fingerprint} ${label}`;
const keyOfName = ({ label }: AskedTask): string => label;
const keyOfQuestion = ({ fingerprint }: AskedTask): string => fingerprint;
