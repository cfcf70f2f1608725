import type { Table } from "../table.ts";

/** Turns a table into the whole text of one format, ending in a line break; equal tables give equal bytes. */
export type TableFormat = (table: Table, options: TableFormatOptions) => string;

/** What only the terminal's format heeds. */
export interface TableFormatOptions {
  readonly paint?: TablePaint;
  /** Columns of the terminal; wider tables are cut into blocks of columns. Absent: never cut. */
  readonly width?: number;
}

/** How parts of a table are stressed; each function may only add what takes no room on the screen. */
export interface TablePaint {
  /** For the title and for the best. */
  readonly bold: (text: string) => string;
  /** For what failed. */
  readonly bad: (text: string) => string;
  /** For what stands back: rules, axis names, the legend. */
  readonly dim: (text: string) => string;
}
