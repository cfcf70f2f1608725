import type { TableSpec } from "@exp-lab/dsl";
import { addComparisons, testMethodsOf } from "./add-comparisons.ts";
import { fillCells } from "./fill-cells.ts";
import { nothingFound } from "./findings.ts";
import { markBest } from "./mark-best.ts";
import type { ScoreStates } from "./score-state.ts";
import { rankingOf } from "./rank-rows.ts";
import { tableNotes } from "./table-notes.ts";
import type { Labels, Table } from "./table.ts";

/**
 * Arranges stored scores into a table; what has no answer yet stays open. Rows and columns stand in the order in which
 * the specification first names them.
 * @throws where the specification puts two cells at one place
 */
export function tabulate(spec: TableSpec, answers: ScoreStates, findings = nothingFound): Table {
  const marked = markBest(fillCells(spec, answers), spec.best, answers);
  const cells = addComparisons(spec, marked, findings).map(({ cell }) => cell);
  return {
    version: 1,
    title: spec.title,
    rows: distinctLabels(cells.map((cell) => cell.row)),
    columns: distinctLabels(cells.map((cell) => cell.column)),
    cells,
    notes: [...tableNotes(cells, spec.best, testMethodsOf(spec, findings)), ...(findings.notes ?? [])],
    ...rankingOf(spec, cells, findings),
  };
}

function distinctLabels(labels: readonly Labels[]): readonly Labels[] {
  const byKey = new Map(labels.map((entry) => [JSON.stringify(entry), entry]));
  return [...byKey.values()];
}
