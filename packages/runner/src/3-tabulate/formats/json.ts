import type { Cell, RowRanking, Table } from "../table.ts";

/** The table as one JSON document on one line, numbers in full precision; fields stand in the order of the contract. */
export function formatJson(table: Table): string {
  const { version, title, rows, columns, cells, notes, ranking } = table;
  const document = { version, title, rows, columns, cells: cells.map(cellDocument), notes };
  return `${JSON.stringify({ ...document, ...(ranking && { ranking: rankingDocument(ranking) }) })}\n`;
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
    nTrain: cell.nTrain,
    nTrainGroups: cell.nTrainGroups,
    nTrainPerClass: cell.nTrainPerClass,
    p: cell.p,
    pAdjusted: cell.pAdjusted,
    expected: cell.expected,
    notes: cell.notes,
    tasks: cell.tasks,
    done: cell.done,
    failed: cell.failed,
    best: cell.best,
    likeBest: cell.likeBest,
  };
}

function rankingDocument(ranking: RowRanking): RowRanking {
  return {
    rows: ranking.rows,
    averageRanks: ranking.averageRanks,
    chiSquare: ranking.chiSquare,
    p: ranking.p,
    imanDavenport: ranking.imanDavenport,
    pImanDavenport: ranking.pImanDavenport,
    criticalDifference: ranking.criticalDifference,
    cliques: ranking.cliques,
    nDatasets: ranking.nDatasets,
    notes: ranking.notes,
  };
}
