import { columnGap, columnWidths, spanWidth } from "./column-widths.ts";
import { displayWidth, padRight } from "./display-width.ts";
import { unrepeatedLabels, type Grid } from "./grid.ts";
import { headerSpans } from "./header-spans.ts";
import { stubGap, stubWidths } from "./split-columns.ts";
import type { TablePaint } from "./table-format.ts";
import type { TextColumn } from "./text-column.ts";

export interface TextBlock {
  readonly grid: Grid;
  /** The drawn columns, as many as the grid has. */
  readonly columns: readonly TextColumn[];
  readonly paint: TablePaint;
}

/** The lines of one block: column headings, a rule, the rows, a rule. */
export function drawBlock({ grid, columns, paint }: TextBlock): readonly string[] {
  const levels = headerSpans(grid.columns);
  const widths = columnWidths(grid.columns, columns);
  const stub = stubWidths(grid);
  const stubText = (labels: readonly string[]): string =>
    stub.map((width, index) => padRight(labels[index] ?? "", width)).join(" ".repeat(stubGap));
  const line = (labels: readonly string[], data: readonly string[]): string =>
    [...(stub.length > 0 ? [stubText(labels)] : []), ...data].join(" ".repeat(columnGap));

  const lastLevel = levels.length - 1;
  const header = levels.flatMap((spans, level) => {
    const heads = spans.map((span) => padRight(span.text, spanWidth(widths, span)));
    const isSpanning = level < lastLevel && spans.some((span) => span.count > 1);
    const underlines = spans.map((span) => "─".repeat(spanWidth(widths, span)));
    return [
      line(level === lastLevel ? grid.rowAxes : [], heads),
      ...(isSpanning ? [paint.dim(line([], underlines))] : []),
    ];
  });
  const axisNames = grid.columnAxes.length > 0 ? [paint.dim(line([], [grid.columnAxes.join(" · ")]))] : [];
  const rows = grid.rows.map((_, index) =>
    line(
      unrepeatedLabels(grid.rows, index),
      columns.map((column, at) => widenTo(column, index, widths[at] ?? 0)),
    ),
  );
  const blanks = widths.map((width) => " ".repeat(width));
  const rule = paint.dim("─".repeat(displayWidth(line([], blanks))));
  return [...axisNames, ...header, rule, ...rows, rule];
}

/** A drawn entry may hold paint, so its padding is counted from the width that the column was drawn with. */
function widenTo(column: TextColumn, row: number, width: number): string {
  return (column.entries[row] ?? "") + " ".repeat(width - column.width);
}
