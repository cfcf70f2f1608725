import { tieValue } from "@exp-lab/ops";
import { summarizeAnswers, type Answer } from "./answers.ts";
import { differentClassesNote } from "./class-sets.ts";
import type { CombinedAnswers } from "./combine-answers.ts";

export interface RankedRows {
  /** The answers of the row that is ranked, then those of the other rows of its column. */
  readonly rows: readonly (readonly Answer[])[];
  /** False where the rows are averages over different classes. */
  readonly comparable: boolean;
  readonly lowerIsBetter: boolean;
}

/**
 * The rank of the first row's mean: 1 for the best, the mean of the places for ties. One answer, with a value only
 * once every row has all its answers and the rows are comparable.
 */
export function rankAnswers({ rows, comparable, lowerIsBetter }: RankedRows): CombinedAnswers {
  const key = `rank ${rows
    .flat()
    .map((answer) => answer.key)
    .join(" ")}`;
  const summaries = rows.map(summarizeAnswers);
  if (summaries.some(({ missing }) => missing > 0)) return unranked(key, "missing");
  if (!comparable) return unranked(key, "undefined", differentClassesNote);
  const means = summaries.flatMap(({ mean, undefined: gaps }) => (mean === null || gaps > 0 ? [] : [tieValue(mean)]));
  const own = means[0];
  if (own === undefined || means.length < rows.length) {
    return unranked(key, "undefined", "Not every row has a value, so the rows are not ranked.");
  }
  const better = means.filter((other) => (lowerIsBetter ? other < own : other > own)).length;
  const equal = means.filter((other) => other === own).length;
  return { answers: [{ key, value: better + (equal + 1) / 2 }], notes: [] };
}

function unranked(key: string, value: Answer["value"], note?: string): CombinedAnswers {
  return { answers: [{ key, value }], notes: note === undefined ? [] : [note] };
}
