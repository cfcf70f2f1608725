import { displayWidth } from "./display-width.ts";
import type { GridColumn } from "./grid.ts";
import { headerSpans, type HeaderSpan } from "./header-spans.ts";
import type { TextColumn } from "./text-column.ts";

/** Spaces between neighbouring columns of numbers in a terminal. */
export const columnGap = 3;

/** Widths under which every number and every heading fits; what a spanning heading lacks goes to its last column. */
export function columnWidths(columns: readonly GridColumn[], drawn: readonly TextColumn[]): readonly number[] {
  const widths = drawn.map((column) => column.width);
  for (const span of headerSpans(columns).toReversed().flat()) {
    const last = span.first + span.count - 1;
    const lacking = displayWidth(span.text) - spanWidth(widths, span);
    widths[last] = (widths[last] ?? 0) + Math.max(0, lacking);
  }
  return widths;
}

/** The width of all the columns that a heading stands over, with the gaps between them. */
export function spanWidth(widths: readonly number[], { first, count }: HeaderSpan): number {
  return widths.slice(first, first + count).reduce((sum, width) => sum + width + columnGap, -columnGap);
}
