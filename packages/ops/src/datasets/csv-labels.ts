import type { Labels, ProblemKind } from "../artifacts/examples.ts";
import { countOf } from "../count-of.ts";
import { OpError } from "../op-error.ts";
import { singleLabelProblem, sortedClassNames } from "./class-names.ts";
import { isPrintableName } from "./printable-name.ts";
import { readFlagColumns, type FlagReading } from "./csv-flags.ts";
import { cellPlace, columnIndex, type CsvRow, type CsvTable } from "./csv-table.ts";

/** How a CSV file states labels; the parameters of the data set of the same names. */
export interface LabelColumns extends FlagReading {
  readonly label: string | null;
  readonly labels: readonly string[] | null;
  readonly separator: string | null;
  readonly none: string | null;
  readonly classes: readonly string[] | null;
}

export interface LabelledClasses {
  readonly problem: ProblemKind;
  readonly classNames: readonly string[];
  readonly labels: Labels;
}

/** @throws OpError naming file, line and column of the first label that cannot be understood */
export function readCsvLabels(table: CsvTable, columns: LabelColumns): LabelledClasses {
  const { label, labels, separator } = columns;
  if ((label === null) === (labels === null)) {
    throw new OpError(
      "csv-label-columns",
      label === null ? "The data set names no label column." : "The data set names both `label` and `labels`.",
      'Write `label: "COLUMN"` for one label per image, or `labels: ["COLUMN", ...]` for several.',
    );
  }
  refuseRepeats("classes", columns.classes ?? []);
  refuseRepeats("labels", labels ?? []);
  const areFlags = labels !== null && separator === null;
  if (!areFlags) refuseFlagReading(columns);
  if (label !== null) return readSingleLabels(table, label, columns);
  const [first, ...others] = labels ?? [];
  if (first === undefined || (others.length > 0 && separator !== null) || (others.length === 0 && separator === null)) {
    throw new OpError(
      "csv-label-columns",
      `\`labels\` names ${countOf(labels?.length ?? 0, "column")} ${separator === null ? "without" : "with"} a \`separator\`.`,
      "Name several columns of 0 and 1, or one column with the separator between its values; use `label` for one label per image.",
    );
  }
  if (separator !== null) return readListColumn(table, first, { ...columns, separator });
  if (columns.classes !== null || columns.none !== null) {
    throw new OpError(
      "csv-label-columns",
      "With several label columns the columns are the classes; leave out `classes` and `none`.",
    );
  }
  return readFlagColumns(table, [first, ...others], columns);
}

function readSingleLabels(
  table: CsvTable,
  column: string,
  { classes, separator, none }: LabelColumns,
): LabelledClasses {
  if (separator !== null || none !== null) {
    throw new OpError("csv-label-columns", "`separator` and `none` belong to `labels`, not to `label`.");
  }
  const index = columnIndex(table, column);
  const words = table.rows.map((row) => requireValue(table, row, { column, index }));
  const classNames = classes ?? sortedClassNames(words);
  const values = words.map((word, position) => {
    const found = classNames.indexOf(word);
    if (found < 0) throw unknownClass(cellPlace(table, table.rows[position]!, column), word, classNames);
    return found;
  });
  const problem = singleLabelProblem(classNames, `The column ${JSON.stringify(column)} of ${table.file}`);
  return { problem, classNames, labels: { width: 1, values: Int32Array.from(values) } };
}

function readListColumn(
  table: CsvTable,
  column: string,
  { separator, none, classes }: LabelColumns & { readonly separator: string },
): LabelledClasses {
  const index = columnIndex(table, column);
  const lists = table.rows.map((row) => {
    const cell = row.cells[index] === none ? none : requireValue(table, row, { column, index });
    const words = cell === none ? [] : cell.split(separator).map((word) => word.trim());
    if (!words.includes("") && !(none !== null && words.includes(none))) return words;
    throw new OpError(
      "csv-bad-list",
      `${cellPlace(table, row, column)}: ${JSON.stringify(cell)} holds an empty label${none === null ? "" : `, or ${JSON.stringify(none)} beside others`}.`,
      'Say by `none: "WORD"` which cell stands for no finding (`none: ""` for the empty one).',
    );
  });
  const classNames = classes ?? sortedClassNames(lists.flat());
  if (classNames.length === 0)
    throw new OpError("too-few-classes", `The column ${JSON.stringify(column)} names no class.`);
  const values = new Int32Array(lists.length * classNames.length);
  lists.forEach((words, position) => {
    for (const word of words) {
      const found = classNames.indexOf(word);
      if (found < 0) throw unknownClass(cellPlace(table, table.rows[position]!, column), word, classNames);
      values[position * classNames.length + found] = 1;
    }
  });
  return { problem: "multi-label", classNames, labels: { width: classNames.length, values } };
}

/**
 * A cell that must say something.
 * @throws OpError where it is empty (an absent label, split or patient is never guessed) or cannot be printed
 */
export function requireValue(
  table: CsvTable,
  row: CsvRow,
  { column, index }: { readonly column: string; readonly index: number },
): string {
  const cell = row.cells[index] ?? "";
  if (!isPrintableName(cell)) {
    throw new OpError(
      "name-unprintable",
      `${cellPlace(table, row, column)}: ${JSON.stringify(cell)} holds control characters.`,
    );
  }
  if (cell !== "") return cell;
  throw new OpError(
    "csv-cell-empty",
    `${cellPlace(table, row, column)}: the cell is empty.`,
    "Fill it in, or remove the row.",
  );
}

function unknownClass(place: string, word: string, classNames: readonly string[]): OpError {
  return new OpError(
    "csv-unknown-class",
    `${place}: ${JSON.stringify(word)} is not one of the classes ${classNames.join(", ")}.`,
    "Add it to `classes`, or mend the cell.",
  );
}

function refuseRepeats(param: string, names: readonly string[]): void {
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated === undefined) return;
  throw new OpError("name-twice", `\`${param}\` names ${JSON.stringify(repeated)} twice.`, "Name each one once.");
}

function refuseFlagReading({ uncertain, blank }: FlagReading): void {
  if (uncertain === "refuse" && blank === "refuse") return;
  throw new OpError(
    "csv-label-columns",
    `\`${uncertain === "refuse" ? "blank" : "uncertain"}\` is for several label columns of 0 and 1.`,
    "Leave it out.",
  );
}
