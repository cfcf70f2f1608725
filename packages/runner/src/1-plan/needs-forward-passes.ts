import type { Plan } from "./plan.ts";

/**
 * Whether a plan has images to pass through a backbone, as far as it can know: a backbone that must run first may come to the
 * bytes that it had, and its rows be there after all.
 */
export function needsForwardPasses({ tasks }: Plan): boolean {
  return tasks.some(
    ({ op, status, examples }) =>
      op.shape === "per example" && status !== "hit" && (examples === null || examples.miss > 0),
  );
}
