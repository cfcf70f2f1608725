import type { SplitName } from "@exp-lab/dsl";
import type { LabelledClasses } from "./csv-labels.ts";
import type { LabelsTable } from "./labels-table.ts";
import type { TableKey } from "./labels-table-params.ts";
import type { ClassFolders } from "./slice-folders.ts";
import type { SliceFacts } from "./slice-format.ts";

/** Where the labels of files stand: in a table, or in the names of folders. */
export interface SliceLabels extends LabelledClasses {
  /** What is said of a file; null where nothing is. Rows are those of `labels`. */
  readonly find: (name: string, facts: SliceFacts) => FoundLabels | null;
  /** The split of a file that cannot be opened; null where that is not known then. */
  readonly splitOf: (name: string) => SplitName | null;
  /** The table, where there is one. */
  readonly table: LabelsTable | null;
}

export interface FoundLabels {
  readonly row: number;
  /** Null where splits are of patients. */
  readonly split: SplitName | null;
  /** A pseudonym; null where nobody says. */
  readonly patient: string | null;
}

export function labelsOfFolders({ files }: ClassFolders, classes: LabelledClasses): SliceLabels {
  const rows = new Map(classes.classNames.map((name, row) => [name, row]));
  const places = new Map(files.map(({ name, split, className }) => [name, { split, row: rows.get(className)! }]));
  return {
    ...classes,
    find: (name, { patient }) => {
      const place = places.get(name);
      return place === undefined ? null : { ...place, patient };
    },
    splitOf: (name) => places.get(name)?.split ?? null,
    table: null,
  };
}

/** @param nameOf a file's name as tables write it whose key is `name` */
export function labelsOfTable(table: LabelsTable, nameOf: (file: string) => string): SliceLabels {
  const { key, rowOf, splits, patients } = table;
  const byName = (name: string): string | null => (key === "path" ? name : key === "name" ? nameOf(name) : null);
  const rowFor = (value: string | null): number | null => (value === null ? null : rowOf(value));
  return {
    ...table,
    find: (name, facts) => {
      const row = rowFor(byName(name) ?? identityOf(facts, key));
      if (row === null) return null;
      return { row, split: splits?.[row] ?? null, patient: patients?.[row] ?? facts.patient };
    },
    splitOf: (name) => {
      const row = rowFor(byName(name));
      return row === null ? null : (splits?.[row] ?? null);
    },
    table,
  };
}

function identityOf(facts: SliceFacts, key: TableKey): string | null {
  return key === "patient" || key === "study" || key === "series" ? facts[key] : null;
}
