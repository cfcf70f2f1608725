import { basename, dirname, posix } from "node:path";
import type { PathValue, SplitName } from "@exp-lab/dsl";
import type { OpContext } from "../op-context.ts";
import { OpError } from "../op-error.ts";
import { readCsvLabels, type LabelledClasses } from "./csv-labels.ts";
import { parseCsvTable, type CsvTable } from "./csv-table.ts";
import { readFileBelow } from "./slice-bytes.ts";
import { readIdentifiers, readSplitColumn } from "./labels-table-cells.ts";
import type { LabelsTableParams, TableKey } from "./labels-table-params.ts";

/** A table of labels, one row for each file, patient, study or series. It holds no identifier: what names one is hashed. */
export interface LabelsTable extends LabelledClasses {
  /** The file's name without its folder, for messages. */
  readonly file: string;
  readonly key: TableKey;
  /** Of each row, as editors count. */
  readonly lines: readonly number[];
  /** Null without a column of splits. */
  readonly splits: readonly SplitName[] | null;
  /** Pseudonyms of the patients; null without a column of them. */
  readonly patients: readonly string[] | null;
  /** The row about a path or a name, or about whom a pseudonym stands for. */
  readonly rowOf: (key: string) => number | null;
}

/** @throws OpError naming file, line and column of what is not understood, but never what names a patient */
export async function readLabelsTable(
  { path }: PathValue,
  params: LabelsTableParams,
  pseudonym: OpContext["pseudonym"],
): Promise<LabelsTable> {
  const table = parseCsvTable(path, await readFileBelow(dirname(path), basename(path)));
  const { key, group } = params;
  // A column of that name that were passed over would be another split than its writer's, without a word.
  const split = params.split ?? (table.columns.includes("split") ? "split" : null);
  const column = params.key_column ?? key;
  const rows = rowsByKey(table, column, keyForm(key, pseudonym));
  return {
    ...readCsvLabels(table, params),
    ...{ file: table.file, key },
    lines: table.rows.map(({ line }) => line),
    splits: split === null ? null : readSplitColumn(table, split),
    patients: group === null ? null : readIdentifiers(table, group).map(pseudonym),
    rowOf: (value) => rows.get(value) ?? null,
  };
}

/** How a table's cell is compared with what a file says. */
function keyForm(key: TableKey, pseudonym: OpContext["pseudonym"]): (cell: string) => string {
  if (key === "path") return (cell) => posix.normalize(cell);
  return key === "name" ? (cell) => cell : pseudonym;
}

function rowsByKey(table: CsvTable, column: string, formOf: (cell: string) => string): ReadonlyMap<string, number> {
  const rows = new Map<string, number>();
  readIdentifiers(table, column).forEach((cell, row) => {
    const form = formOf(cell);
    const earlier = rows.get(form);
    if (earlier !== undefined) {
      const [first, second] = [table.rows[earlier]!.line, table.rows[row]!.line];
      throw new OpError(
        "csv-key-twice",
        `${table.file} lines ${first} and ${second} have the same in their column ${JSON.stringify(column)}.`,
        "Keep one row, or say by `key` and `key_column` what tells rows apart.",
      );
    }
    rows.set(form, row);
  });
  return rows;
}
