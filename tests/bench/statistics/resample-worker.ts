/** A worker thread with a share of a table's cells: makes their predictions, waits for the word, and resamples them. */
import { parentPort, workerData } from "node:worker_threads";
import { cellPredictions, largeTable } from "./large-table.ts";
import { runOp } from "./run-op.ts";

export interface CellShare {
  readonly classes: 1 | 14;
  readonly cells: readonly { readonly row: number; readonly column: number }[];
}

const { classes, cells } = workerData as CellShare;
const predictions = cells.map(({ row, column }) => cellPredictions(row, column, classes));
parentPort?.once("message", () => void resampleAll());
parentPort?.postMessage("ready");

async function resampleAll(): Promise<void> {
  const { resamples, seed } = largeTable;
  for (const [index, value] of predictions.entries()) {
    const params = { metric: "auroc", settings: {}, resamples, seed };
    const answer = await runOp("resample", params, { predictions: { kind: "predictions", value } });
    parentPort?.postMessage({ ...cells[index], answer });
  }
  parentPort?.postMessage("done");
}
