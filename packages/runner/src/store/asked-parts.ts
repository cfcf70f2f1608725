import type { AskedTask } from "./run-history.ts";

/** Tasks in one part of what a run asked: some 60 kB of text, written within a few milliseconds. */
const tasksInPart = 400;

/** How many parts a list of so many tasks has. */
export function countParts(tasks: number): number {
  return Math.ceil(tasks / tasksInPart);
}

/** The parts of a list of tasks, as text, one after the other. */
export function* packAskedTasks(tasks: readonly AskedTask[]): Generator<string, void> {
  for (let start = 0; start < tasks.length; start += tasksInPart) {
    const part = tasks
      .slice(start, start + tasksInPart)
      .map(({ label, fingerprint, outcome, reason, score }) => [label, fingerprint, outcome, reason, score]);
    yield JSON.stringify(part);
  }
}

/** The tasks of a part whose text has been verified. */
export function unpackAskedTasks(text: string): readonly AskedTask[] {
  const part = JSON.parse(text) as readonly (readonly [
    AskedTask["label"],
    AskedTask["fingerprint"],
    AskedTask["outcome"],
    AskedTask["reason"],
    AskedTask["score"],
  ])[];
  return part.map(([label, fingerprint, outcome, reason, score]) => ({ label, fingerprint, outcome, reason, score }));
}
