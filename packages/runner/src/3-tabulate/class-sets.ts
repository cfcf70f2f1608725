import type { CellExpression } from "@exp-lab/dsl";
import { scoreTasks } from "../1-plan/needed-tasks.ts";
import type { ScoreStates } from "./score-state.ts";

/** Said of cells that look comparable and are not. */
export const differentClassesNote =
  "These cells average over different sets of classes and are not comparable; none is ranked or marked as the best.";

/** The classes that averages are taken over. Two cells are comparable only where these agree. */
export interface ClassSet {
  /** All classes of the data, scored or not. */
  readonly universe: string;
  /** The classes that entered the average. */
  readonly scored: string;
}

/** The class sets behind an expression, as far as its scores are answered and are averages over classes. */
export function classSetOf(expression: CellExpression, states: ScoreStates): ClassSet | null {
  const universes = new Set<string>();
  const scored = new Set<string>();
  for (const task of scoreTasks(expression)) {
    const state = states.get(task);
    if (state?.state !== "done" || state.score.perClass === null) continue;
    const { classNames, perClass } = state.score;
    universes.add(JSON.stringify(classNames));
    scored.add(JSON.stringify(classNames.filter((_, index) => typeof perClass[index] === "number")));
  }
  return universes.size === 0 ? null : { universe: [...universes].join(), scored: [...scored].join() };
}

/** Whether all the cells whose class set is known have the same one. */
export function haveOneClassSet(sets: readonly (ClassSet | null)[]): boolean {
  return new Set(sets.flatMap((set) => (set === null ? [] : [set.scored]))).size <= 1;
}

/** Whether cells over the same classes leave out different ones: they look comparable and are not. */
export function hideDifferentClasses(sets: readonly (ClassSet | null)[]): boolean {
  const scoredByUniverse = new Map<string, string>();
  return sets.some((set) => {
    if (set === null) return false;
    const earlier = scoredByUniverse.get(set.universe);
    scoredByUniverse.set(set.universe, set.scored);
    return earlier !== undefined && earlier !== set.scored;
  });
}
