import { createHash } from "node:crypto";
import type { Predictions } from "../artifacts/predictions.ts";

/** The groups (patients) of scored examples. */
export interface ExampleGroups {
  readonly count: number;
  /** The group of each example, numbered by first appearance; an example without one is a group of its own. */
  readonly groupOf: Int32Array;
}

export function numberGroups(groups: readonly (string | null)[]): ExampleGroups {
  const numbers = new Map<string, number>();
  let count = 0;
  const groupOf = Int32Array.from(groups, (group) => {
    const known = group === null ? undefined : numbers.get(group);
    if (known !== undefined) return known;
    if (group !== null) numbers.set(group, count);
    return count++;
  });
  return { count, groupOf };
}

/**
 * SHA-256 (hex) of which examples were scored, in which order and with which groups. Only answers with the same one are
 * resampled alike, and can be compared in pairs.
 */
export function digestExamples({ ids, groups }: Pick<Predictions, "ids" | "groups">): string {
  return createHash("sha256")
    .update(JSON.stringify([ids, groups]))
    .digest("hex");
}
