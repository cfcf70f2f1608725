import type { PlannedTask } from "../1-plan/plan.ts";
import { canonicalJson, type Json } from "../hash/canonical-json.ts";

/** Tasks of equal keys differ in their op's fused parameters alone; null where the op is called for each task. */
export function fusionKey({ task, op }: PlannedTask): string | null {
  if (op.shape !== "fused") return null;
  const shared = Object.entries(task.params).filter(([name]) => !op.fusedOver.includes(name));
  return canonicalJson({ op: task.op, params: Object.fromEntries(shared) as Json, inputs: task.inputs });
}
