import type { WeightSourceFile } from "../store.ts";
import { requireHash } from "../store-arguments.ts";
import { entryCheck } from "./entry-check.ts";
import type { TableContext } from "./table-context.ts";

/** What weights consisted of when they were read last: one entry per source. */
export interface WeightSourceTable {
  find(source: string): readonly WeightSourceFile[] | null;
  save(source: string, files: readonly WeightSourceFile[]): void;
}

export interface WeightSourceRow {
  readonly source: string;
  readonly files: string;
  readonly entry_check: string;
}

export function openWeightSources(context: TableContext): WeightSourceTable {
  const { connection } = context;
  const select = connection.prepare<[string], WeightSourceRow>(
    "select source, files, lower(hex(entry_check)) as entry_check from weight_source where source = ?",
  );
  const replace = connection.prepare(
    "insert or replace into weight_source (source, files, entry_check) values (?, ?, unhex(?))",
  );
  const remove = connection.prepare("delete from weight_source where source = ?");

  return {
    find: (source) => {
      const row = select.get(source);
      if (row === undefined) return null;
      if (row.entry_check === weightSourceCheck(row)) return JSON.parse(row.files) as WeightSourceFile[];
      context.noteDamage(() => remove.run(source));
      return null;
    },
    save: (source, files) => {
      files.forEach(({ digest }) => {
        requireHash(digest);
      });
      const text = JSON.stringify(files);
      context.write("save weight source", () => {
        replace.run(source, text, weightSourceCheck({ source, files: text }));
      });
    },
  };
}

export function weightSourceCheck({ source, files }: Pick<WeightSourceRow, "source" | "files">): string {
  return entryCheck("weight_source", [source, files]);
}
