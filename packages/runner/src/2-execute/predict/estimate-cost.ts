import type { RunId } from "../../store/store.ts";
import { distanceBetween, haveLikeInputs, type TaskTraits } from "./task-traits.ts";

/**
 * What an estimate rests on, the best first: tasks that asked the same question; of the same recipe, on inputs of the same
 * size; of the same op and version with the nearest parameters and inputs; any of the op, where its version was another one.
 */
export const bases = ["question", "recipe", "nearest", "op"] as const;

export type Basis = (typeof bases)[number];

/** What a task takes; of a per-example op, what one row does. */
export interface UnitCost {
  /** With the machine to itself. */
  readonly seconds: number;
  readonly storedBytes: number;
  readonly outputBytes: number;
  /** The most memory, of all of its rows together; null where it is not known. */
  readonly peakBytes: number | null;
}

/** A task that was computed once, and what it took. */
export interface PastTask {
  readonly traits: TaskTraits;
  readonly cost: UnitCost;
  readonly run: RunId;
}

export interface CostEstimate extends UnitCost {
  readonly basis: Basis;
}

export interface EstimateOptions {
  /** Nothing better than this: how good an estimate would be whose like is not there. */
  readonly finest?: Basis;
  /** Tasks to do as if they were not there. */
  readonly without?: (past: PastTask) => boolean;
}

/** Of the tasks most like it, so many calls count: enough for a median, few enough to be like it. */
const counted = 5;

/**
 * What a task should take, by those of its op that are most like it. Medians, since a time that was measured beside another
 * program's work can be any number of times too long. Null where no task is there to go by.
 */
export function estimateCost(
  traits: TaskTraits,
  history: readonly PastTask[],
  { finest = "question", without = () => false }: EstimateOptions = {},
): CostEstimate | null {
  const left = history.filter((past) => !without(past));
  for (const basis of bases.slice(bases.indexOf(finest))) {
    const alike = left.filter((past) => bestBasis(traits, past.traits) === basis);
    // Of everything that is no better known, the median of the op is what any of its versions took.
    const chosen = basis === "op" ? left : nearest(traits, alike);
    if (chosen.length > 0 && (alike.length > 0 || finest === "op")) return { basis, ...medianCost(chosen) };
  }
  return null;
}

/** The best basis that one past task can be. */
function bestBasis(traits: TaskTraits, past: TaskTraits): Basis {
  if (past.fingerprint === traits.fingerprint) return "question";
  if (past.version !== traits.version) return "op";
  return past.recipe === traits.recipe && haveLikeInputs(past, traits) ? "recipe" : "nearest";
}

/** The few nearest, each call once: the tasks of a fused call share one measurement. */
function nearest(traits: TaskTraits, candidates: readonly PastTask[]): readonly PastTask[] {
  const ordered = candidates
    .map((past) => ({ past, distance: distanceBetween(traits, past.traits) }))
    .sort((a, b) => a.distance - b.distance);
  const chosen: PastTask[] = [];
  for (const { past } of ordered) {
    if (!chosen.some((other) => isSameCall(other, past))) chosen.push(past);
    if (chosen.length === counted) break;
  }
  return chosen;
}

/** Whether two tasks were computed in one fused call, and so have one measurement. */
export function isSameCall(a: PastTask, b: PastTask): boolean {
  if (a === b) return true;
  return a.traits.members > 1 && a.run === b.run && a.cost.seconds === b.cost.seconds;
}

function medianCost(pasts: readonly PastTask[]): UnitCost {
  return {
    seconds: median(pasts.map(({ cost }) => cost.seconds)),
    storedBytes: median(pasts.map(({ cost }) => cost.storedBytes)),
    outputBytes: median(pasts.map(({ cost }) => cost.outputBytes)),
    // What memory must be there for is the largest of them.
    peakBytes: pasts.reduce<number | null>(
      (most, { cost: { peakBytes } }) => (peakBytes === null ? most : Math.max(most ?? 0, peakBytes)),
      null,
    ),
  };
}

/** The middle of some values; between two of them, by their logarithms. Not a number where there is none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  const high = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return Math.sqrt(low * high);
}
