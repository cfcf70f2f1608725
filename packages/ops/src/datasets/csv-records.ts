import { basename } from "node:path";
import { parse } from "csv-parse/sync";
import { OpError } from "../op-error.ts";
import { csvFault } from "./csv-table.ts";

export interface CsvRecord {
  /** From 1, as editors count; of a record over several lines, the last. */
  readonly line: number;
  /** Trimmed. */
  readonly cells: readonly string[];
}

/**
 * The records of a CSV file (UTF-8, between commas) one after another, the header's first: for lists too long to be held
 * whole, of which few columns are read. Empty lines are passed over. Lengths are the caller's to check.
 * @throws OpError `csv-malformed`
 */
export function* readCsvRecords(path: string, bytes: Uint8Array): Generator<CsvRecord> {
  const text = decodeText(path, bytes);
  // Without quotes a line is a record and a comma ends a cell; a parser takes ten times as long over it.
  if (text.includes('"')) yield* parseQuoted(path, text);
  else yield* splitLines(path, text);
}

/** Of a record, in characters: a file without line ends is no list, and its cells would fill the memory. */
const maxLength = 65_536;

/** @throws OpError `csv-malformed` where the bytes are no UTF-8; a mark of byte order is dropped */
function decodeText(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw malformed(path, "it is not UTF-8 text");
  }
}

function* splitLines(path: string, text: string): Generator<CsvRecord> {
  let start = 0;
  for (let line = 1; start < text.length; line++) {
    const found = text.indexOf("\n", start);
    const end = found < 0 ? text.length : found;
    if (end - start > maxLength)
      throw malformed(path, `line ${String(line)} has more than ${String(maxLength)} characters`);
    const row = text.slice(start, end).trim();
    if (row !== "") yield { line, cells: row.split(",").map((cell) => cell.trim()) };
    start = end + 1;
  }
}

function* parseQuoted(path: string, text: string): Generator<CsvRecord> {
  const records: CsvRecord[] = [];
  try {
    parse(text, {
      ...{ relax_column_count: true, skip_empty_lines: true, trim: true, max_record_size: maxLength },
      on_record: (cells, { lines }) => {
        records.push({ line: lines, cells });
        return null;
      },
    });
  } catch (error) {
    throw malformed(path, csvFault(error));
  }
  yield* records;
}

function malformed(path: string, reason: string): OpError {
  return new OpError(
    "csv-malformed",
    `${basename(path)} cannot be read as CSV: ${reason}.`,
    "Save it as CSV in UTF-8, or fetch it again.",
  );
}
