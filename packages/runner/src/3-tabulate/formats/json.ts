import type { Cell, Table } from "../table.ts";

/** The table as one JSON document on one line, numbers in full precision; fields stand in the order of the contract. */
export function formatJson(table: Table): string {
  const { version, title, rows, columns, cells, notes } = table;
  return `${JSON.stringify({ version, title, rows, columns, cells: cells.map(cellDocument), notes })}\n`;
}

/** Names every field, so that neither its order nor a field added elsewhere can slip in unseen. */
function cellDocument(cell: Cell): Cell {
  return {
    row: cell.row,
    column: cell.column,
    metric: cell.metric,
    n: cell.n,
    mean: cell.mean,
    std: cell.std,
    ci95: cell.ci95,
    ciMethod: cell.ciMethod,
    nTest: cell.nTest,
    nGroups: cell.nGroups,
    p: cell.p,
    pAdjusted: cell.pAdjusted,
    expected: cell.expected,
    notes: cell.notes,
    tasks: cell.tasks,
    done: cell.done,
    failed: cell.failed,
    best: cell.best,
  };
}
