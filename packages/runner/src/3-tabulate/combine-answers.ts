import type { CellFunction } from "@exp-lab/dsl";
import { distinctAnswers, meanOf, type Answer } from "./answers.ts";

/** The functions that combine their arguments seed by seed. */
export type SeedwiseFunction = Exclude<CellFunction, "rank">;

export interface CombinedAnswers {
  readonly answers: readonly Answer[];
  /** Why there is no value, where the arguments cannot be combined at all. */
  readonly notes: readonly string[];
}

/**
 * Applies a function to the first answers of its arguments, then to the second ones, and so on. An argument with a
 * single answer (a head that has no seed) stands beside every answer of the others; otherwise unequal counts cannot be
 * paired, and the result is one undefined answer and a note.
 */
export function combineAnswers(name: SeedwiseFunction, argumentLists: readonly (readonly Answer[])[]): CombinedAnswers {
  const lists = argumentLists.map(collapseSingle);
  const wrongCount = countComplaint(name, lists.length);
  if (wrongCount !== null) return undefinedWith(lists, wrongCount);

  const counts = [...new Set(lists.map((list) => list.length))].filter((count) => count !== 1);
  if (counts.length > 1) {
    const spoken = counts.sort((a, b) => a - b).join(" and ");
    return undefinedWith(
      lists,
      `\`${name}\` has arguments with ${spoken} answers, which cannot be paired seed by seed.`,
    );
  }
  const answers = Array.from({ length: counts[0] ?? 1 }, (_, seed) =>
    combineOne(
      name,
      lists.flatMap((list) => list[list.length === 1 ? 0 : seed] ?? []),
    ),
  );
  const dividesByZero = name === "ratio" && answers.some(({ value }) => value === "undefined") && hasZeroDivisor(lists);
  return { answers, notes: dividesByZero ? ["`ratio` has no value where it divides by zero."] : [] };
}

function combineOne(name: SeedwiseFunction, parts: readonly Answer[]): Answer {
  const key = parts.map((part) => part.key).join(" ");
  const values = parts.flatMap(({ value }) => (typeof value === "number" ? [value] : []));
  if (values.length < parts.length) {
    return { key, value: parts.some(({ value }) => value === "missing") ? "missing" : "undefined" };
  }
  const value = applyTo(name, values);
  return { key, value: Number.isFinite(value) ? value : "undefined" };
}

function applyTo(name: SeedwiseFunction, values: readonly number[]): number {
  const [left = NaN, right = NaN] = values;
  switch (name) {
    case "mean":
      return meanOf(values) ?? NaN;
    case "min":
      return Math.min(...values);
    case "max":
      return Math.max(...values);
    case "difference":
      return left - right;
    case "ratio":
      return left / right;
  }
}

/** A list whose answers all come from the same tasks holds one answer. */
function collapseSingle(answers: readonly Answer[]): readonly Answer[] {
  const distinct = distinctAnswers(answers);
  return distinct.length === 1 ? distinct : answers;
}

function countComplaint(name: SeedwiseFunction, count: number): string | null {
  const takesTwo = name === "difference" || name === "ratio";
  if (takesTwo && count !== 2) return `\`${name}\` takes two arguments and was given ${String(count)}.`;
  return count === 0 ? `\`${name}\` was given no argument.` : null;
}

function hasZeroDivisor(lists: readonly (readonly Answer[])[]): boolean {
  return lists[1]?.some(({ value }) => value === 0) ?? false;
}

function undefinedWith(lists: readonly (readonly Answer[])[], note: string): CombinedAnswers {
  const all = lists.flat();
  const value = all.some((answer) => answer.value === "missing") ? "missing" : "undefined";
  return { answers: [{ key: all.map(({ key }) => key).join(" "), value }], notes: [note] };
}
