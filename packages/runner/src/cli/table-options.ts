import type { TableFormatOptions } from "../3-tabulate/formats/table-format.ts";
import type { Terminal } from "./command.ts";

/** How this terminal shows a table. */
export function tableOptions({ paintOut, width }: Terminal): TableFormatOptions {
  return { paint: paintOut, ...(width === null ? {} : { width }) };
}
