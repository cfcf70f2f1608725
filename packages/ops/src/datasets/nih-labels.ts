import { basename } from "node:path";
import { OpError } from "../op-error.ts";
import { describeHeader, quoteCell } from "./csv-messages.ts";
import { readCsvRecords, type CsvRecord } from "./csv-records.ts";

/** NIH's findings and the word for none of them, in the order of code units: a class's place is its bit in `NihRow.labels`. */
export const nihLabels = [
  ...["Atelectasis", "Cardiomegaly", "Consolidation", "Edema", "Effusion", "Emphysema", "Fibrosis", "Hernia"],
  ...["Infiltration", "Mass", "No Finding", "Nodule", "Pleural_Thickening", "Pneumonia", "Pneumothorax"],
] as const;

export const noFinding = "No Finding";

/** One image of `Data_Entry_2017*.csv`. */
export interface NihRow {
  /** `NNNNNNNN_NNN.png`: the patient's number, then the image's. */
  readonly name: string;
  readonly line: number;
  /** One bit for each of `nihLabels` that the image has, the lowest for the first. */
  readonly labels: number;
}

export const nihImageName = /^\d{8}_\d{3}\.png$/;

/** The patient's number, which begins an image's name. */
export function nihPatient(name: string): number {
  return Number(name.slice(0, 8));
}

/**
 * The rows in the file's own order. Its releases differ in what follows the first seven columns: the header's brackets hold
 * commas that are not quoted, and some end every row with a comma. Only the first seven are read, by their names, and rows
 * must be as long as each other.
 * @throws OpError naming file and line of the first row that is not understood; patients are named in no message
 */
export function readNihLabels(path: string, bytes: Uint8Array): readonly NihRow[] {
  const file = basename(path);
  const records = readCsvRecords(path, bytes);
  const header = records.next();
  requireColumns(file, header.done === true ? [] : header.value.cells);
  const parse = createLabelReader(file);
  const rows = new Map<string, NihRow>();
  let length: number | null = null;
  for (const record of records) {
    length ??= record.cells.length;
    const name = requireName(file, record, length);
    const earlier = rows.get(name);
    if (earlier !== undefined) {
      throw new OpError(
        "csv-path-twice",
        `${file} line ${String(record.line)}: ${name} stands in line ${String(earlier.line)} already.`,
        "List each image once.",
      );
    }
    rows.set(name, { name, line: record.line, labels: parse(record) });
  }
  if (rows.size > 0) return [...rows.values()];
  throw new OpError("csv-empty", `${file} holds no rows.`, "Fetch NIH's Data_Entry_2017_v2020.csv again.");
}

/** As in NIH's files; later copies say `Patient Sex`, or leave out spaces. */
const columns = [
  ...["Image Index", "Finding Labels", "Follow-up #", "Patient ID", "Patient Age", "Patient Gender", "View Position"],
];

const [nameColumn, labelColumn, patientColumn] = [0, 1, 3];

function requireColumns(file: string, header: readonly string[]): void {
  const keyOf = (name = ""): string =>
    name
      .toLowerCase()
      .replaceAll(/[^a-z]/g, "")
      .replace("sex", "gender");
  if (columns.every((name, index) => keyOf(name) === keyOf(header[index]))) return;
  throw new OpError(
    "csv-column-missing",
    `${file} does not begin with the columns ${columns.join(", ")}.`,
    describeHeader(header),
  );
}

function requireName(file: string, { line, cells }: CsvRecord, length: number): string {
  const place = `${file} line ${String(line)}`;
  if (cells.length !== length || length < columns.length) {
    throw new OpError(
      "csv-row-length",
      `${place} has ${String(cells.length)} cells where ${cells.length === length ? "seven at least are expected" : `the rows before have ${String(length)}`}.`,
      "The file may be cut short: fetch it again.",
    );
  }
  const name = cells[nameColumn] ?? "";
  if (!nihImageName.test(name)) {
    throw new OpError("csv-bad-name", `${place}: ${quoteCell(name)} is no image of NIH's, such as "00000001_000.png".`);
  }
  const patient = cells[patientColumn] ?? "";
  if (/^\d+$/.test(patient) && Number(patient) === nihPatient(name)) return name;
  throw new OpError(
    "patients-differ",
    `${place}: the column "Patient ID" says another patient than the image's name.`,
    "Cells may have been moved between rows: fetch the file again.",
  );
}

/** Bits for a row's labels; what was understood once is not taken apart again. */
function createLabelReader(file: string): (record: CsvRecord) => number {
  const known = new Map<string, number>();
  return ({ line, cells }) => {
    const cell = cells[labelColumn] ?? "";
    const labels = known.get(cell) ?? labelsOf(cell, `${file} line ${String(line)}, column "Finding Labels"`);
    known.set(cell, labels);
    return labels;
  };
}

function labelsOf(cell: string, place: string): number {
  let labels = 0;
  for (const word of cell.split("|")) {
    const bit = (nihLabels as readonly string[]).indexOf(word.trim());
    if (bit < 0) {
      throw new OpError(
        "csv-unknown-class",
        `${place}: ${quoteCell(word)} is not one of NIH's labels.`,
        `They are ${nihLabels.join(", ")}.`,
      );
    }
    labels |= 1 << bit;
  }
  const none = 1 << nihLabels.indexOf(noFinding);
  if (labels === none || (labels & none) === 0) return labels;
  throw new OpError(
    "csv-bad-list",
    `${place}: ${quoteCell(cell)} says ${noFinding} beside findings.`,
    "Mend the cell.",
  );
}
