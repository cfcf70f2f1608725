import type { ClaimedWork, LeaseHolder } from "../store/store.ts";
import type { TaskAnswer, TaskOutcome } from "./outcome.ts";

/** How a try at a task ended. */
export interface Ended {
  readonly outcome: TaskOutcome | null;
  readonly heldBy?: LeaseHolder | null;
  readonly forwardPasses: number;
}

/** The end for now of what another run is computing. */
export function heldBy(claim: ClaimedWork | undefined): Ended {
  return { outcome: null, heldBy: claim?.state === "held" ? claim.by : null, forwardPasses: 0 };
}

/** The end of what needs no work. */
export function cached(
  reason: "stored" | "same-bytes",
  answer: TaskAnswer,
): { outcome: TaskOutcome; forwardPasses: 0 } {
  return {
    outcome: { outcome: "cached", reason, answer: { kind: answer.kind, artifact: answer.artifact } },
    forwardPasses: 0,
  };
}

/** Whether a task failed since its worker ended under it: then another one may do it. */
export function isLostWorker(outcome: TaskOutcome | null): boolean {
  return outcome?.outcome === "failed" && outcome.failure.code === "worker-lost";
}
