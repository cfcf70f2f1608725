import type { CheckedTable } from "../3-check/checked-program.ts";
import { expectedForSeveral, expectedWithoutCell } from "../diagnostics/catalog-table.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { CellSpec } from "./task-graph.ts";

/**
 * Puts every published number into the one cell that its labels name. A cell's own labels are those of its row, its
 * column and, in a table of several metrics, the metric; a number may leave out any that are not needed to tell.
 */
export function attachExpected<Cell extends PlacedCell>(
  cells: readonly Cell[],
  table: CheckedTable,
  report: (diagnostic: Diagnostic) => void,
): readonly Cell[] {
  if (table.expected.length === 0) return cells;
  const paths = cells.map((cell) => labelsOf(cell, table));
  const values = new Map<number, number | null>();
  for (const { path, value, span } of table.expected) {
    const text = path.join(".");
    const fitting = paths.flatMap((labels, position) => (isWithin(path, labels) ? [position] : []));
    const [position, ...others] = fitting;
    if (position === undefined) report(expectedWithoutCell(span, text));
    else if (others.length > 0) report(expectedForSeveral(span, text, fitting.length));
    else values.set(position, value);
  }
  return cells.map((cell, position) => {
    const expected = values.get(position);
    return expected === undefined ? cell : { ...cell, expected };
  });
}

type PlacedCell = Pick<CellSpec, "row" | "column" | "metric" | "expected">;

function labelsOf(cell: PlacedCell, table: CheckedTable): readonly string[] {
  const labels = [...Object.values(cell.row), ...Object.values(cell.column)].map((label) => String(label ?? "-"));
  return table.cells.length > 1 ? [...labels, ...cell.metric.split(".")] : labels;
}

/** Whether the labels hold the path's words in its order. */
function isWithin(path: readonly string[], labels: readonly string[]): boolean {
  let from = 0;
  return path.every((word) => {
    const found = labels.indexOf(word, from);
    from = found + 1;
    return found >= 0;
  });
}
