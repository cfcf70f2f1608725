import type { TableSpec, TaskId } from "@exp-lab/dsl";
import { layOutTable, type Grid, type GridCell } from "../../3-tabulate/formats/grid.ts";
import { tabulate } from "../../3-tabulate/tabulate.ts";
import type { Table } from "../../3-tabulate/table.ts";
import type { DashboardState } from "./dashboard-state.ts";
import { reachedFrom, type TaskFacts } from "./task-facts.ts";

/** A table as it would be printed now, with what its open cells are waiting for. */
export interface LiveGrid {
  readonly table: Table;
  readonly grid: Grid;
}

/** How far the score tasks of a run are, as far as a table shows it. */
export interface ScoreProgress {
  /** Hangs on something that runs. */
  readonly isRunning: (task: TaskId) => boolean;
  /** Failed itself; a score whose input failed is skipped. */
  readonly hasFailed: (task: TaskId) => boolean;
  /** Was answered before the run. */
  readonly isStored: (task: TaskId) => boolean;
}

export function scoreProgress({ plan, running, ended }: DashboardState, facts: TaskFacts): ScoreProgress {
  const reached = reachedFrom(running.keys(), facts);
  const toRun = new Set(plan?.toRun);
  return {
    isRunning: (task) => reached.has(task) && !ended.has(task),
    hasFailed: (task) => ended.get(task)?.outcome === "failed",
    isStored: (task) => plan !== null && (!toRun.has(task) || ended.get(task)?.outcome === "cached"),
  };
}

/** The numbers are those of `tabulate`, the layout that of the printed table; only open cells say more. */
export function layOutLive(
  spec: TableSpec,
  { scores, findings }: Pick<DashboardState, "scores" | "findings">,
  progress: ScoreProgress,
): LiveGrid {
  const table = tabulate(spec, scores, findings);
  return { table, grid: markProgress(layOutTable(table), progress) };
}

function markProgress(grid: Grid, progress: ScoreProgress): Grid {
  return {
    ...grid,
    rows: grid.rows.map((row) => ({
      ...row,
      cells: row.cells.map((cell) => (cell === null ? null : markCell(cell, progress))),
    })),
  };
}

function markCell(cell: GridCell, { isRunning, hasFailed, isStored }: ScoreProgress): GridCell {
  switch (cell.state) {
    case "value":
      return cell.tasks.every(isStored) && cell.partial === null ? { ...cell, isStored: true } : cell;
    case "missing":
      return cell.tasks.some(isRunning) ? { ...cell, state: "running" } : cell;
    case "failed":
      return cell.tasks.some(hasFailed) ? cell : { ...cell, state: "skipped" };
    default:
      return cell;
  }
}
