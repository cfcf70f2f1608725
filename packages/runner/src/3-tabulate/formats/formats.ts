import type { Table } from "../table.ts";
import { formatCsv } from "./csv.ts";
import { formatJson } from "./json.ts";
import { formatLatex } from "./latex.ts";
import { formatMarkdown } from "./markdown.ts";
import { formatSvg, problemOfSvg } from "./svg.ts";
import type { TableFormat, TableFormatOptions } from "./table-format.ts";
import { formatText } from "./text.ts";

/** Every format of `exp table --format`, by the name that it has there. */
export const tableFormats = {
  text: formatText,
  md: formatMarkdown,
  csv: formatCsv,
  json: formatJson,
  latex: formatLatex,
  svg: formatSvg,
} as const satisfies Readonly<Record<string, TableFormat>>;

export type TableFormatName = keyof typeof tableFormats;

export const tableFormatNames: readonly TableFormatName[] = Object.keys(tableFormats).filter(isTableFormat);

export function isTableFormat(name: string): name is TableFormatName {
  return Object.hasOwn(tableFormats, name);
}

/** Why a table cannot be shown in a format, in one sentence; null where it can. Only `svg` is not for every table. */
export function problemOfFormat(table: Table, format: TableFormatName): string | null {
  return format === "svg" ? problemOfSvg(table) : null;
}

/**
 * The whole text of a table in one format, its last line ended, as it may stand in a file of its own.
 * @throws where `problemOfFormat` tells a problem
 */
export function formatTable(table: Table, format: TableFormatName, options: TableFormatOptions = {}): string {
  const write: TableFormat = tableFormats[format];
  return write(table, options);
}
