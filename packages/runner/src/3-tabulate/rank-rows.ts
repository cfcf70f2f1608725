import type { TableSpec } from "@exp-lab/dsl";
import type { Findings } from "./findings.ts";
import type { Cell, Labels, RowRanking } from "./table.ts";

/** How the rows rank over the data sets of the columns, where that has been worked out. */
export function rankingOf(
  { ranking: task }: TableSpec,
  cells: readonly Cell[],
  { rankings }: Findings,
): { readonly ranking?: RowRanking } {
  const found = task === undefined ? undefined : rankings.get(task);
  if (found === undefined) return {};
  const rows: readonly Labels[] = [...new Map(cells.map(({ row }) => [JSON.stringify(row), row])).values()];
  return { ranking: { rows, ...found } };
}
