import type { AxisLabel, CheckedTable } from "../3-check/checked-program.ts";
import type { DraftCell } from "./cell-answers.ts";
import type { Trial } from "./trials.ts";

/** How the column is named that holds what one value of an axis scores over the other. */
const differenceLabel = "difference";

/**
 * The cells, and behind them, per row and metric, the second value's score minus the first one's on the axis of `difference`.
 * A row that lacks one of the two has no difference.
 */
export function addDifferences(
  cells: readonly DraftCell[],
  { difference: axis }: CheckedTable,
  trials: readonly Trial[],
): readonly DraftCell[] {
  if (axis === null) return cells;
  const [first, second] = labelsOfAxis(axis, trials);
  const pairs = new Map<string, DraftCell[]>();
  for (const cell of cells) {
    const key = JSON.stringify([cell.row, { ...cell.column, [axis]: null }, cell.metric]);
    pairs.set(key, [...(pairs.get(key) ?? []), cell]);
  }
  const differences = [...pairs.values()].flatMap((pair): readonly DraftCell[] => {
    const [less, more] = [first, second].map((label) => pair.find(({ column }) => column[axis] === label));
    if (less === undefined || more === undefined) return [];
    const column = { ...less.column, [axis]: differenceLabel };
    const value = { kind: "apply", function: "difference", arguments: [more.value, less.value] } as const;
    return [{ row: less.row, column, metric: less.metric, value, isDifference: true }];
  });
  return [...cells, ...differences];
}

/** In the order in which the sweeps write them. */
function labelsOfAxis(name: string, trials: readonly Trial[]): readonly AxisLabel[] {
  const sweeps = [...new Set(trials.map(({ sweep }) => sweep))];
  const axes = sweeps.flatMap((sweep) => sweep.axes.filter((axis) => axis.name === name));
  return [...new Set(axes.flatMap((axis) => axis.values.map(({ label }) => label)))];
}
