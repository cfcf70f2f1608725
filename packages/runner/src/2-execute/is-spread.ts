import type { Op } from "@exp-lab/ops";

/** Whether a call of an op for so many tasks uses all the cores that it finds: an extraction, or a large fused call. */
export function isSpread(op: Op, members: number): boolean {
  switch (op.shape) {
    case "single":
      return false;
    case "per example":
      return true;
    case "fused":
      return members >= 2 * op.fewestInCall;
  }
  return op satisfies never;
}
