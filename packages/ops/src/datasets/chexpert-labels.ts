import { basename } from "node:path";
import { OpError } from "../op-error.ts";
import { chexpertView } from "./chexpert-files.ts";
import { describeHeader, quoteCell } from "./csv-messages.ts";
import { readCsvRecords, type CsvRecord } from "./csv-records.ts";

/** CheXpert's 14 observations, in the order of its lists. */
export const chexpertClasses = [
  ...["No Finding", "Enlarged Cardiomediastinum", "Cardiomegaly", "Lung Opacity", "Lung Lesion", "Edema"],
  ...["Consolidation", "Pneumonia", "Atelectasis", "Pneumothorax", "Pleural Effusion", "Pleural Other"],
  ...["Fracture", "Support Devices"],
] as const;

/** The five that CheXpert's competition scored, in the order of its lists. */
export const competitionClasses: readonly string[] = [
  ...["Cardiomegaly", "Edema", "Consolidation", "Atelectasis", "Pleural Effusion"],
];

/** What a cell says. */
export const cellValues = { positive: 1, negative: 0, uncertain: -1, blank: -2 } as const;

/** One of CheXpert's lists. */
export interface ChexpertList {
  readonly file: string;
  /** What a row is: an image `patientNNNNN/studyN/viewN_frontal.jpg`, or a whole study `patientNNNNN/studyN`. */
  readonly of: "images" | "studies";
  readonly rows: readonly { readonly name: string; readonly line: number }[];
  /** Row-major, one of `cellValues` for each class that was asked for. */
  readonly cells: Int8Array;
}

/**
 * The rows in the list's own order. What stands before `patientNNNNN` in a path differs between releases and is dropped.
 * @param isKept by a row's name
 * @throws OpError naming file and line of the first cell that is not understood
 */
export function readChexpertList(
  path: string,
  bytes: Uint8Array,
  { classes, isKept }: { readonly classes: readonly string[]; readonly isKept: (name: string) => boolean },
): ChexpertList {
  const file = basename(path);
  const records = readCsvRecords(path, bytes);
  const first = records.next();
  const header = first.done === true ? [] : first.value.cells;
  const isOfStudies = header.some((name) => columnKey(name) === "study");
  const nameColumn = findColumn(file, header, isOfStudies ? "Study" : "Path");
  const labelColumns = classes.map((name) => ({ name, index: findColumn(file, header, name) }));
  const rows: { readonly name: string; readonly line: number }[] = [];
  const cells: number[] = [];
  for (const record of records) {
    const place = `${file} line ${String(record.line)}`;
    requireLength(place, record, header.length);
    const name = nameOf(record.cells[nameColumn] ?? "", isOfStudies);
    if (name === null) throw badPath(place, record.cells[nameColumn] ?? "", isOfStudies);
    if (!isKept(name)) continue;
    rows.push({ name, line: record.line });
    for (const column of labelColumns) cells.push(valueOf(record.cells[column.index] ?? "", place, column.name));
  }
  if (rows.length === 0) throw new OpError("csv-empty", `${file} lists no image.`, "Fetch CheXpert's list again.");
  return { file, of: isOfStudies ? "studies" : "images", rows, cells: Int8Array.from(cells) };
}

/** Copies write `Pleural_Effusion` too. */
function columnKey(name: string): string {
  return name.toLowerCase().replaceAll(/[ _]/g, "");
}

function findColumn(file: string, header: readonly string[], name: string): number {
  const places = header.flatMap((each, index) => (columnKey(each) === columnKey(name) ? [index] : []));
  const [index] = places;
  if (index !== undefined && places.length === 1) return index;
  throw new OpError(
    places.length === 0 ? "csv-column-missing" : "csv-column-twice",
    `${file} has ${places.length === 0 ? "no" : "more than one"} column ${quoteCell(name)}.`,
    describeHeader(header),
  );
}

function requireLength(place: string, { cells }: CsvRecord, length: number): void {
  if (cells.length === length) return;
  throw new OpError(
    "csv-row-length",
    `${place} has ${String(cells.length)} cells where the header has ${String(length)}.`,
    "The file may be cut short: fetch it again.",
  );
}

/** Null where it is no such path. */
function nameOf(path: string, isStudy: boolean): string | null {
  const [, study, view] = /(?:^|\/)(patient\d{5}\/study\d{1,4})(?:\/([^/]*))?$/.exec(path) ?? [];
  if (study === undefined) return null;
  if (isStudy) return view === undefined ? study : null;
  return view !== undefined && chexpertView.test(view) ? `${study}/${view}` : null;
}

function badPath(place: string, path: string, isStudy: boolean): OpError {
  const expected = isStudy ? "patient64741/study1" : "patient00001/study1/view1_frontal.jpg";
  return new OpError(
    "csv-bad-name",
    `${place}: ${quoteCell(path)} does not name ${isStudy ? "a study" : "an image"} of CheXpert's.`,
    `Paths end like ${expected}.`,
  );
}

function valueOf(cell: string, place: string, column: string): number {
  const value = known.get(cell);
  if (value !== undefined) return value;
  throw new OpError(
    "csv-bad-flag",
    `${place}, column ${quoteCell(column)}: expected 1, 0, -1 or nothing, found ${quoteCell(cell)}.`,
    "Fetch CheXpert's list again.",
  );
}

const known: ReadonlyMap<string, number> = new Map([
  ["", cellValues.blank],
  ...["1", "1.0"].map((cell) => [cell, cellValues.positive] as const),
  ...["0", "0.0"].map((cell) => [cell, cellValues.negative] as const),
  ...["-1", "-1.0"].map((cell) => [cell, cellValues.uncertain] as const),
]);
