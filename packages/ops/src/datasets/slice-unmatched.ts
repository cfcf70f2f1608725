import { OpError } from "../op-error.ts";
import type { SliceFaults } from "./slice-faults.ts";
import type { SliceLabels } from "./slice-labels.ts";

interface NamedFile {
  readonly name: string;
}

/** Tells of files without a row of the table, and of rows without a file: by names of files and numbers of lines alone. */
export function reportUnmatched(
  files: readonly NamedFile[],
  found: readonly (NamedFile & { readonly row: number })[],
  { labels: { table }, faults }: { readonly labels: SliceLabels; readonly faults: SliceFaults },
): void {
  if (table === null) return;
  const known = new Set(found.map(({ name }) => name));
  const strangers = files.filter(({ name }) => !known.has(name));
  if (strangers.length > 0) {
    const what = strangers.length === 1 ? "1 file matches" : `${strangers.length} files match`;
    const left = strangers.length === 1 ? "1 file that matches" : `${strangers.length} files that match`;
    faults.unmatched(
      new OpError("file-without-row", `${what} no row of ${table.file}; the first is ${strangers[0]!.name}.`, advice),
      `Left out: ${left} no row of ${table.file} (on_error: skip).`,
    );
  }
  const used = new Set(found.map(({ row }) => row));
  const unused = table.lines.filter((_, row) => !used.has(row));
  if (unused.length > 0) {
    const what = unused.length === 1 ? "1 row" : `${unused.length} rows`;
    const matches = unused.length === 1 ? "matches" : "match";
    faults.unmatched(
      new OpError(
        "row-without-file",
        `${what} of ${table.file} ${matches} no file that can be read; the first is in line ${unused[0]!}.`,
        advice,
      ),
      `${what} of ${table.file} ${matches} no file that can be read (on_error: skip).`,
    );
  }
}

const advice =
  "`key` and `key_column` say what rows are matched by; `on_error: skip` leaves out what matches nothing, and says so under every table.";
