import type { CheckedTable } from "../3-check/checked-program.ts";
import type { CellSpec } from "./task-graph.ts";

/** How the column is named that holds what one value of an axis scores over the other. */
const differenceLabel = "difference";

/** The cells, and behind them, per row and metric, the second value's score minus the first one's on the axis of `difference`. */
export function addDifferences(cells: readonly CellSpec[], { difference: axis }: CheckedTable): readonly CellSpec[] {
  if (axis === null) return cells;
  const pairs = new Map<string, CellSpec[]>();
  for (const cell of cells) {
    const key = JSON.stringify([cell.row, { ...cell.column, [axis]: null }, cell.metric]);
    pairs.set(key, [...(pairs.get(key) ?? []), cell]);
  }
  const differences = [...pairs.values()].flatMap(([first, second]): readonly CellSpec[] => {
    if (first === undefined || second === undefined) return [];
    const column = { ...first.column, [axis]: differenceLabel };
    const value = { kind: "apply", function: "difference", arguments: [second.value, first.value] } as const;
    return [{ row: first.row, column, metric: first.metric, value, isDifference: true }];
  });
  return [...cells, ...differences];
}
