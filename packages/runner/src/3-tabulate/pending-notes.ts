import type { TableSpec } from "@exp-lab/dsl";
import type { Findings } from "./findings.ts";
import type { Table } from "./table.ts";

/**
 * Scores can be stored without the comparison of their cells, as after another arrangement of the same table: that intervals are
 * missing then says nothing of the scores.
 */
export function pendingNotes(
  { cells: specs }: TableSpec,
  { cells }: Table,
  { comparisons }: Pick<Findings, "comparisons">,
): readonly string[] {
  const pending = cells.filter(({ mean, done, failed, tasks }, place) => {
    const compared = specs[place]?.compared;
    const isWhole = mean !== null && failed === 0 && done === tasks.length;
    return isWhole && compared !== undefined && !comparisons.has(compared.task);
  });
  if (pending.length === 0) return [];
  const what = pending.length === 1 ? "1 cell" : `${String(pending.length)} cells`;
  return [`Not computed yet: intervals and tests of ${what}; \`exp run\` works them out.`];
}
