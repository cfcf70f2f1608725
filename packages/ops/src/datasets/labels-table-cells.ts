import { splitNames, type SplitName } from "@exp-lab/dsl";
import { trimPadding } from "../formats/dicom/trim-padding.ts";
import { OpError } from "../op-error.ts";
import { cellPlace, columnIndex, type CsvTable } from "./csv-table.ts";

/**
 * A column of identifiers, without spaces around them, as headers pad them. No message repeats one.
 * @throws OpError `csv-cell-empty` naming file and line
 */
export function readIdentifiers(table: CsvTable, column: string): readonly string[] {
  const index = columnIndex(table, column);
  return table.rows.map((row) => {
    const cell = trimPadding(row.cells[index] ?? "");
    if (cell !== "") return cell;
    const place = cellPlace(table, row, column);
    throw new OpError("csv-cell-empty", `${place}: the cell is empty.`, "Fill it in, or remove the row.");
  });
}

/**
 * A column of train, val and test. What stands there instead is not repeated: it may be of another column.
 * @throws OpError `csv-unknown-split` naming file and line
 */
export function readSplitColumn(table: CsvTable, column: string): readonly SplitName[] {
  const index = columnIndex(table, column);
  return table.rows.map((row) => {
    const split = splitNames.find((name) => name === row.cells[index]);
    if (split !== undefined) return split;
    throw new OpError(
      "csv-unknown-split",
      `${cellPlace(table, row, column)}: what stands there is no split.`,
      `Splits are written ${splitNames.join(", ")}.`,
    );
  });
}
