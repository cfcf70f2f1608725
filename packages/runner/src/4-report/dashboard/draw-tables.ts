import type { DashboardState } from "./dashboard-state.ts";
import { layOutLive, scoreProgress, type LiveGrid } from "./live-grid.ts";
import { drawLiveTable, type ColumnWindow, type DrawOptions } from "./live-table.ts";
import { stackTables, type TableDocument } from "./scroll-window.ts";
import type { TaskFacts } from "./task-facts.ts";

export interface DrawnTables {
  readonly document: TableDocument;
  /** Of each table, which columns are in sight. */
  readonly columns: readonly ColumnWindow[];
}

export type DrawTables = (state: DashboardState, options: DrawOptions) => DrawnTables;

/** Draws all tables of a graph; what has not changed since the last time is not drawn again. */
export function createTableDrawer(facts: TaskFacts): DrawTables {
  let laidOut: { readonly of: readonly unknown[]; readonly grids: readonly LiveGrid[] } | null = null;
  let drawn: { readonly of: readonly unknown[]; readonly tables: DrawnTables } | null = null;
  return (state, options) => {
    const facing = [state.plan, state.scores, state.findings, state.ended, [...state.running.keys()].join(" ")];
    if (laidOut === null || !areSame(laidOut.of, facing)) {
      const progress = scoreProgress(state, facts);
      const grids = facts.graph.tables.map((spec) => layOutLive(spec, state, progress));
      laidOut = { of: facing, grids };
    }
    const asked = [laidOut, options.width, options.firstColumn, options.paint];
    if (drawn === null || !areSame(drawn.of, asked)) drawn = { of: asked, tables: drawAll(laidOut.grids, options) };
    return drawn.tables;
  };
}

function drawAll(grids: readonly LiveGrid[], options: DrawOptions): DrawnTables {
  const tables = grids.map((grid) => drawLiveTable(grid, options));
  return { document: stackTables(tables), columns: tables.map(({ columns }) => columns) };
}

function areSame(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.every((value, index) => value === right[index]);
}
