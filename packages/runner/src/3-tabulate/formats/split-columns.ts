import { columnGap, columnWidths } from "./column-widths.ts";
import { displayWidth } from "./display-width.ts";
import type { Grid } from "./grid.ts";
import type { TextColumn } from "./text-column.ts";

/**
 * The indices of the columns of every block. A group under one outermost heading stays together where it fits into a
 * block of its own; a column is never cut, even where it alone is wider than the terminal.
 */
export function splitColumns(
  grid: Grid,
  columns: readonly TextColumn[],
  width: number,
): readonly (readonly number[])[] {
  const room = width - stubWidth(grid);
  const widthOf = (indices: readonly number[]): number =>
    columnWidths(
      indices.flatMap((index) => grid.columns[index] ?? []),
      indices.flatMap((index) => columns[index] ?? []),
    ).reduce((sum, width) => sum + columnGap + width, 0);
  const blocks: number[][] = [];
  const place = (indices: readonly number[]): void => {
    const block = blocks.at(-1);
    if (block !== undefined && widthOf([...block, ...indices]) <= room) block.push(...indices);
    else blocks.push([...indices]);
  };
  for (const group of outermostGroups(grid)) {
    if (widthOf(group) <= room) place(group);
    else group.forEach((index) => place([index]));
  }
  return blocks;
}

/** The room that the row labels take, headings included. */
export function stubWidths(grid: Grid): readonly number[] {
  return grid.rowAxes.map((axis, index) =>
    Math.max(displayWidth(axis), ...grid.rows.map((row) => displayWidth(row.labels[index] ?? ""))),
  );
}

/** The room of all row labels with the gaps between them. */
export function stubWidth(grid: Grid): number {
  return stubWidths(grid).reduce((sum, width) => sum + width + stubGap, -stubGap);
}

/** Spaces between neighbouring columns of row labels. */
export const stubGap = 2;

function outermostGroups(grid: Grid): readonly (readonly number[])[] {
  const groups: number[][] = [];
  grid.columns.forEach((column, index) => {
    const before = grid.columns[index - 1];
    const group = groups.at(-1);
    const continues = column.heads.length > 1 && before?.heads[0] === column.heads[0];
    if (continues && group !== undefined) group.push(index);
    else groups.push([index]);
  });
  return groups;
}
