import type { RowRanking } from "../table.ts";
import { labelText } from "./grid.ts";

/** A row of a ranking as it is named under a table and in a diagram. */
export interface RankedRow {
  readonly name: string;
  /** The mean of its ranks. */
  readonly rank: number;
}

/** The rows, best first; none where no data set could be ranked. */
export function rankedRows(ranking: RowRanking): readonly RankedRow[] {
  return orderOf(ranking).map((row) => ({ name: rowName(ranking, row), rank: ranking.averageRanks[row] ?? 0 }));
}

/** The cliques as places among the rows of `rankedRows`, ascending. */
export function cliquePlaces(ranking: RowRanking): readonly (readonly number[])[] {
  const order = orderOf(ranking);
  return ranking.cliques.map((rows) => rows.map((row) => order.indexOf(row)).sort((a, b) => a - b));
}

/** Several sets of neighbours on as few lines as they fit on without touching. */
export function packSpans<Span extends { readonly from: number; readonly to: number }>(
  spans: readonly Span[],
  gap: number,
): readonly (readonly Span[])[] {
  const lines: Span[][] = [];
  for (const span of spans) {
    const line = lines.find((placed) => placed.every(({ from, to }) => span.from - to > gap || from - span.to > gap));
    if (line === undefined) lines.push([span]);
    else line.push(span);
  }
  return lines;
}

function orderOf({ averageRanks }: RowRanking): readonly number[] {
  return [...averageRanks.keys()].sort((a, b) => (averageRanks[a] ?? 0) - (averageRanks[b] ?? 0) || a - b);
}

/** What is the same in every row tells none apart. */
function rowName({ rows }: RowRanking, row: number): string {
  const axes = Object.keys(rows[0] ?? {}).filter((axis) => new Set(rows.map((labels) => labels[axis])).size > 1);
  const labels = axes.flatMap((axis) => rows[row]?.[axis] ?? []);
  return labels.length === 0 ? labelText(null) : labels.map(labelText).join(" · ");
}
