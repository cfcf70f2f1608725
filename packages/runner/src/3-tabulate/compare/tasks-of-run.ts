import { scoreCodec } from "@exp-lab/ops";
import type { Fingerprint } from "../../hash/digests.ts";
import type { AskedTask, Store, StoredRun } from "../../store/store.ts";

export interface TasksOfRun {
  readonly tasks: readonly AskedTask[];
  /** False of a run that did not come to its end: only the tasks that it worked on itself are known then. */
  readonly isWhole: boolean;
}

/** What a run asked, as far as the store knows. */
export function tasksOfRun({ run, program }: StoredRun, store: Store): TasksOfRun {
  const asked = store.readAskedTasks(run);
  if (asked !== null) return { tasks: asked, isWhole: true };
  const ended = store.findTasksOfRun(run).map(({ slot, fingerprint, outcome, reason }): [string, AskedTask] => {
    const label = slot.startsWith(`${program}#`) ? slot.slice(program.length + 1) : slot;
    const hasAnswer = outcome === "computed" || outcome === "cached";
    const score = hasAnswer ? readScore(fingerprint, store) : null;
    return [slot, { label, fingerprint, outcome, reason, score }];
  });
  // A task that was computed anew ended twice: the last time counts.
  return { tasks: [...new Map(ended).values()], isWhole: false };
}

function readScore(fingerprint: Fingerprint, store: Store): number | null {
  const answer = store.findAnswers([fingerprint]).get(fingerprint);
  const stored = answer?.kind === "score" ? store.readArtifact(answer.artifact) : null;
  return stored === null ? null : scoreCodec.decode(stored.bytes).value;
}
