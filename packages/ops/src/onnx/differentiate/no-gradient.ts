import { OpError } from "../../op-error.ts";
import type { GraphNode } from "../graph-builder.ts";

/** Says of a node on the way to the loss why nothing can be trained through it. */
export function noGradient({ name, origin, operator }: GraphNode, what: string): OpError {
  return new OpError(
    "no-gradient-rule",
    `The node "${origin ?? name}" (operator ${operator}) lies between what is trained and the loss, but ${what}.`,
    "Train only parts of the model after this node, or use a model without this operator.",
  );
}
