import type { ParamSpec } from "@exp-lab/dsl";
import type { ParamsOf } from "../op.ts";
import { labelListParams } from "./label-list-params.ts";

/** How a data set of folders takes labels, splits and patients from a table beside them; its signature adds `key`. */
export const labelsTableParams = {
  table: {
    type: "file",
    summary:
      "A CSV file with labels and splits (`.tsv`: between tabs); without it folders' names say them: root/SPLIT/CLASS/NAME, at any depth below CLASS.",
    default: null,
  },
  key_column: {
    type: "string",
    summary: "The table's column with what `key` says; by default the one of that name.",
    default: null,
  },
  label: { type: "string", summary: "The table's column with the one label (two classes: binary).", default: null },
  ...labelListParams,
  split: {
    type: "string",
    summary:
      "The table's column that holds train, val or test; by default the one called split, and where there is none every 5th patient is of test, every 5th other of val.",
    default: null,
  },
} as const satisfies Readonly<Record<string, ParamSpec>>;

/** The folder names that stand for splits, where labels are folders' names. */
export const splitFolderParams = {
  train: {
    type: "list",
    items: { type: "string", summary: "A folder name." },
    summary: "Without a table: folder names that stand for the training split; one of them may exist.",
    default: ["train", "Train", "training", "Training"],
  },
  val: {
    type: "list",
    items: { type: "string", summary: "A folder name." },
    summary: "Without a table: folder names that stand for the validation split; one of them may exist.",
    default: ["val", "Val", "valid", "Valid", "validation", "Validation"],
  },
  test: {
    type: "list",
    items: { type: "string", summary: "A folder name." },
    summary: "Without a table: folder names that stand for the test split; one of them may exist.",
    default: ["test", "Test", "testing", "Testing"],
  },
} as const satisfies Readonly<Record<string, ParamSpec>>;

/** Parameters that mean something only beside another one, for the signature's facts. */
export const onlyWithTable = {
  ...{ key: "table", key_column: "table", label: "table", labels: "table", split: "table", group: "table" },
  ...{ separator: "labels", none: "labels", uncertain: "labels", blank: "labels" },
} as const;

/** What a table's row is about: a file by its path or by its name alone, or what a header names. */
export type TableKey = "path" | "name" | "patient" | "study" | "series";

export type LabelsTableParams = ParamsOf<typeof labelsTableParams> & {
  readonly key: TableKey;
  /** The table's column of patients. */
  readonly group: string | null;
};

export type SplitFolderParams = ParamsOf<typeof splitFolderParams>;
