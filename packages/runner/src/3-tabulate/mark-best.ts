import type { BestSpec, CellExpression } from "@exp-lab/dsl";
import { tieValue } from "@exp-lab/ops";
import { classSetOf, differentClassesNote, haveOneClassSet, hideDifferentClasses } from "./class-sets.ts";
import type { FilledCell } from "./fill-cells.ts";
import { groupBy } from "./group-by.ts";
import type { ScoreStates } from "./score-state.ts";

/**
 * Marks the best of every column, row or table, one metric at a time, by means to twelve digits; ties are all marked. Nothing
 * is marked where a cell is not whole, where there is nothing to beat, or where class sets differ (the cells say so).
 */
export function markBest(
  cells: readonly FilledCell[],
  best: BestSpec | null,
  states: ScoreStates,
): readonly FilledCell[] {
  const marked = new Set<FilledCell>();
  const incomparable = new Set<FilledCell>();
  for (const column of groupBy(cells, placeKey("column")).values()) {
    if (hideDifferentClasses(classSetsOf(column, states))) column.forEach((cell) => incomparable.add(cell));
  }
  const rivalCells = cells.filter(({ isRival }) => isRival);
  for (const rivals of best === null ? [] : groupBy(rivalCells, placeKey(best.per)).values()) {
    if (!haveOneClassSet(classSetsOf(rivals, states))) rivals.forEach((cell) => incomparable.add(cell));
    else if (best !== null) bestOf(rivals, best.want).forEach((cell) => marked.add(cell));
  }
  return cells.map((filled) => {
    const notes = incomparable.has(filled) ? [...filled.cell.notes, differentClassesNote] : filled.cell.notes;
    return { ...filled, cell: { ...filled.cell, notes, best: marked.has(filled) } };
  });
}

function placeKey(per: BestSpec["per"]): (filled: FilledCell) => string {
  return ({ cell }) => {
    switch (per) {
      case "column":
        return JSON.stringify([cell.column, cell.metric]);
      case "row":
        return JSON.stringify([cell.row, cell.metric]);
      case "table":
        return cell.metric;
    }
  };
}

function classSetsOf(cells: readonly FilledCell[], states: ScoreStates): readonly ReturnType<typeof classSetOf>[] {
  return cells.map(({ value }) => classSetOf(value, states));
}

function bestOf(cells: readonly FilledCell[], want: BestSpec["want"]): readonly FilledCell[] {
  const senses = new Set(cells.map(({ value }) => senseOf(value)));
  const [sense] = senses;
  const means = cells.flatMap(({ cell, isWhole }) => (isWhole && cell.mean !== null ? [tieValue(cell.mean)] : []));
  if (senses.size !== 1 || sense === "mixed" || means.length < cells.length || means.length < 2) return [];

  const wantsHigh = (want === "max") === (sense === "score");
  const target = wantsHigh ? Math.max(...means) : Math.min(...means);
  return cells.filter(({ cell }) => cell.mean !== null && tieValue(cell.mean) === target);
}

/**
 * A rank of 1 is the best score: where that is the highest one, a low rank is wanted where a high score is; where it is the
 * lowest, ranks rise with scores.
 */
function senseOf(value: CellExpression): "score" | "rank" | "mixed" {
  if (value.kind === "scores") return "score";
  if (value.function === "rank") return value.lowerIsBetter === true ? "score" : "rank";
  const senses = new Set(value.arguments.map(senseOf));
  const [sense = "score"] = senses;
  return senses.size > 1 ? "mixed" : sense;
}
