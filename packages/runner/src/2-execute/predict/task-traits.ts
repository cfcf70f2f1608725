import type { Op } from "@exp-lab/ops";
import { rowInputs } from "../../1-plan/count-examples.ts";
import type { Manifest } from "../../1-plan/manifest.ts";
import type { Fingerprint } from "../../hash/digests.ts";

/** What two tasks of an op are compared by to say how alike their costs should be. */
export interface TaskTraits {
  readonly fingerprint: Fingerprint;
  readonly version: number;
  /** Equal where all is equal that the question says, but for its inputs; of a per-example op, but for its examples. */
  readonly recipe: string;
  /** Numbers as such, everything else as JSON. */
  readonly params: ReadonlyMap<string, number | string>;
  /** Tasks in its call. */
  readonly members: number;
  /** Per-example ops: rows to be made. */
  readonly rows: number | null;
  /** Null where that is not known yet. */
  readonly inputBytes: number | null;
}

export type TaskSizes = Pick<TaskTraits, "members" | "rows" | "inputBytes">;

/** @param text the question's manifest as canonical JSON */
export function traitsOf(fingerprint: Fingerprint, text: string, { op, sizes }: TraitsOptions): TaskTraits {
  const { version, params, files, libraries, inputs } = JSON.parse(text) as Manifest;
  const settled = op.shape === "per example" ? rowInputs(op).map((name) => inputs[name]) : [];
  return {
    fingerprint,
    version,
    recipe: JSON.stringify([version, params, files, libraries, settled]),
    params: new Map(
      Object.entries(params).map(([name, value]) => [name, typeof value === "number" ? value : JSON.stringify(value)]),
    ),
    ...sizes,
  };
}

export interface TraitsOptions {
  readonly op: Op;
  readonly sizes: TaskSizes;
}

/** Inputs within this factor of each other count as equally large. */
const alike = 1.25;

/** Whether the inputs of two tasks are about as large; what is not known is not. */
export function haveLikeInputs(a: TaskTraits, b: TaskTraits): boolean {
  return a.inputBytes !== null && b.inputBytes !== null && logRatio(a.inputBytes, b.inputBytes) <= Math.log(alike);
}

/**
 * How far two tasks are from each other: the sum of the logarithms by which their numbers differ, and 1 for everything else
 * that does. What a call is shared by, and over how many rows, says less of the cost of one task or row.
 */
export function distanceBetween(a: TaskTraits, b: TaskTraits): number {
  const size = a.inputBytes === null || b.inputBytes === null ? 0 : logRatio(a.inputBytes, b.inputBytes);
  const rows = a.rows === null || b.rows === null ? 0 : logRatio(a.rows, b.rows);
  const calls = size + (logRatio(a.members, b.members) + rows) / 2;
  return a.recipe === b.recipe ? calls : calls + paramDistance(a.params, b.params);
}

function paramDistance(a: TaskTraits["params"], b: TaskTraits["params"]): number {
  let distance = 0;
  let shared = 0;
  for (const [name, value] of a) {
    const other = b.get(name);
    if (other !== undefined) shared += 1;
    if (other === value) continue;
    distance += typeof value === "number" && typeof other === "number" ? logRatio(value, other) : 1;
  }
  return distance + b.size - shared;
}

/** Whatever differs by more is as different as can be. */
const farApart = 4;

function logRatio(a: number, b: number): number {
  if (a === b) return 0;
  return a > 0 && b > 0 ? Math.min(farApart, Math.abs(Math.log(a / b))) : 1;
}
