import type { TableSpec } from "@exp-lab/dsl";
import type { FilledCell } from "./fill-cells.ts";
import type { Findings } from "./findings.ts";

/**
 * Puts interval and p values beside the scores, where the comparison of a cell has been made. A cell that does not have all its
 * answers has none: its number is not yet the one that was compared.
 */
export function addComparisons(
  { cells: specs }: TableSpec,
  cells: readonly FilledCell[],
  { comparisons }: Findings,
): readonly FilledCell[] {
  const withBest = new Set(
    specs.flatMap(({ compared }, position) => (cells[position]?.cell.best ? [compared?.task] : [])),
  );
  const failed = new Set(
    specs.flatMap(({ compared }, position) => ((cells[position]?.cell.failed ?? 0) > 0 ? [compared?.task] : [])),
  );
  return cells.map((filled, position) => {
    const compared = specs[position]?.compared;
    if (compared === undefined) return filled;
    const comparison = comparisons.get(compared.task);
    const found = comparison?.cells[compared.place];
    if (comparison === undefined && filled.isWhole && failed.has(compared.task)) {
      return { ...filled, cell: { ...filled.cell, notes: [...filled.cell.notes, uncompared] } };
    }
    if (comparison === undefined || found === undefined || !filled.isWhole) return filled;
    const { ci95, p, pAdjusted } = found;
    // Where the table marks no best (rows over different classes), there is none to be told apart from.
    const isTested = withBest.has(compared.task) && !filled.cell.best && pAdjusted !== null;
    const cell = {
      ...filled.cell,
      ...{ ci95, p, pAdjusted, ciMethod: ci95 === null ? null : comparison.ciMethod },
      likeBest: isTested && pAdjusted >= alpha,
      notes: [...new Set([...filled.cell.notes, ...comparison.notes])],
    };
    return { ...filled, cell };
  });
}

const alpha = 0.05;

const uncompared =
  "There are neither intervals nor tests: they are made of all cells that are compared, and one of those has failed.";

/** How the table's cells were tested against the best, each method once. */
export function testMethodsOf({ cells }: TableSpec, { comparisons }: Findings): readonly string[] {
  const methods = cells.flatMap(({ compared }) => {
    const comparison = compared === undefined ? undefined : comparisons.get(compared.task);
    const isTested = comparison?.cells.some(({ p }) => p !== null) === true;
    return isTested && comparison.testMethod !== null ? [comparison.testMethod] : [];
  });
  return [...new Set(methods)];
}
