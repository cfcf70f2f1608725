import { choiceCodec, type Choice } from "@exp-lab/ops";
import type { Store } from "../store/store.ts";
import type { PlannedById, PlannedTask } from "./plan.ts";

/** What the search that a task hangs on has chosen; null where it hangs on none, or on one that has not ended. */
export function findChoice(planned: PlannedTask, byId: PlannedById, store: Store): Choice | null {
  const seen = new Set([planned.task.id]);
  const waiting = [planned];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (next.op.signature.output === "choice") return readChoice(next, store);
    for (const id of Object.values(next.task.inputs)) {
      const upstream = byId.get(id);
      if (upstream === undefined || seen.has(id)) continue;
      seen.add(id);
      waiting.push(upstream);
    }
  }
  return null;
}

function readChoice({ answer }: PlannedTask, store: Store): Choice | null {
  const artifact = answer === null ? null : store.readArtifact(answer.artifact);
  return artifact === null ? null : choiceCodec.decode(artifact.bytes);
}
