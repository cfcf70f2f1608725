import { basename } from "node:path";
import { parse, CsvError } from "csv-parse/sync";
import type { SourceFile } from "../op-context.ts";
import { OpError } from "../op-error.ts";
import { describeHeader } from "./csv-messages.ts";

/** A CSV file (`.tsv`: between tabs) with a header line. Unquoted cells are trimmed; empty lines are passed over. */
export interface CsvTable {
  /** The file's name without its folder, for messages. */
  readonly file: string;
  readonly columns: readonly string[];
  readonly rows: readonly CsvRow[];
}

export interface CsvRow {
  /** From 1, as editors count; of a row over several lines, the last. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** By the ending, tabs or commas stand between cells. That is part of the question, so of the files that it hangs on. */
export function separatorFile(path: string): readonly SourceFile[] {
  return isTabbed(path) ? [{ name: "table.tsv", path }] : [];
}

function isTabbed(path: string): boolean {
  return /\.tsv$/i.test(path);
}

/** @throws OpError naming file and line: not CSV, no rows, or a row with more or fewer cells than the header */
export function parseCsvTable(path: string, bytes: Uint8Array): CsvTable {
  const file = basename(path);
  const [header, ...rows] = parseRows(file, bytes, isTabbed(file) ? "\t" : ",");
  if (header === undefined || rows.length === 0) {
    throw new OpError(
      "csv-empty",
      `${file} holds no rows.`,
      "Expected a header line, and a line for each that has a label.",
    );
  }
  for (const { line, cells } of rows) {
    if (cells.length === header.cells.length) continue;
    throw new OpError(
      "csv-row-length",
      `${file} line ${String(line)} has ${String(cells.length)} cells where the header has ${String(header.cells.length)}.`,
      "Cells that hold a comma are written in quotes.",
    );
  }
  return { file, columns: header.cells, rows };
}

/**
 * Where a column stands.
 * @throws OpError `csv-column-missing` listing the columns there are, or `csv-column-twice`
 */
export function columnIndex({ file, columns }: CsvTable, name: string): number {
  const index = columns.indexOf(name);
  if (index < 0) {
    throw new OpError("csv-column-missing", `${file} has no column ${JSON.stringify(name)}.`, describeHeader(columns));
  }
  if (columns.includes(name, index + 1)) {
    throw new OpError("csv-column-twice", `${file} has two columns ${JSON.stringify(name)}.`, "Rename one of them.");
  }
  return index;
}

/** `labels.csv line 12, column "split"`: how every message about a cell begins. */
export function cellPlace({ file }: CsvTable, { line }: CsvRow, column: string): string {
  return `${file} line ${String(line)}, column ${JSON.stringify(column)}`;
}

/** What a parser says of a malformed line repeats the line, and with it whom it is of. */
export function csvFault(error: unknown): string {
  if (!(error instanceof CsvError)) return "it is not UTF-8 text";
  const [, line] = /\bline (\d+)/.exec(error.message) ?? [];
  return line === undefined ? "its quotes do not fit" : `see the quotes of line ${line}`;
}

function parseRows(file: string, bytes: Uint8Array, delimiter: string): readonly CsvRow[] {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const rows: CsvRow[] = [];
    parse(text, {
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      on_record: (cells, { lines }) => {
        rows.push({ line: lines, cells });
        return null;
      },
    });
    return rows;
  } catch (error) {
    throw new OpError(
      "csv-malformed",
      `${file} cannot be read as CSV: ${csvFault(error)}.`,
      "Save it as CSV in UTF-8.",
    );
  }
}
