import type { SplitName } from "../signature/signature.ts";
import type { Combination } from "./combinations.ts";

/** Whether the data set is told to have no example of the split. */
export function isEmptySplit(split: SplitName, { constructors, valueOf }: Combination): boolean {
  const param = constructors.dataset?.facts?.splitSizes?.[split];
  return param !== undefined && valueOf("dataset", param)?.value === 0;
}

/** Whether few-shot training goes without validation, so that the split `val` must not be looked at. */
export function isRefusedByShots({ valueOf }: Combination): boolean {
  return valueOf("dataset", "shots")?.value != null && valueOf("dataset", "shots_val")?.value === "none";
}
