import type { OpSignature } from "@exp-lab/dsl";
import { dirname, isAbsolute, join, posix } from "node:path";
import { paramsOf } from "../op-context.ts";
import { OpError } from "../op-error.ts";
import type { ParamsOf } from "../op.ts";
import { readCsvLabels, requireValue } from "./csv-labels.ts";
import { labelListParams } from "./label-list-params.ts";
import { readIdentifiers, readSplitColumn } from "./labels-table-cells.ts";
import { cellPlace, columnIndex, parseCsvTable, separatorFile, type CsvTable } from "./csv-table.ts";
import type { DatasetFormat } from "./dataset-format.ts";
import { fileDataset } from "./file-dataset.ts";
import { readSourceFile } from "./file-images.ts";
import { areReadable } from "./readable-files.ts";
import { readingFacts, readingParams } from "./reading-params.ts";

const signature = {
  name: "csv",
  version: 1,
  summary: "Images listed in a CSV file, one per row, with columns for path, labels and split.",
  use: "constructor",
  role: "dataset",
  params: {
    file: { type: "file", summary: "The CSV file: UTF-8 with a header line, between commas (`.tsv`: between tabs)." },
    root: {
      type: "directory",
      summary: "The folder that paths are relative to; by default the CSV file's.",
      default: null,
    },
    path: { type: "string", summary: "The column with each image's path, written with `/`." },
    label: {
      type: "string",
      summary: "The column with the one label of each image (two classes: binary).",
      default: null,
    },
    ...labelListParams,
    split: { type: "string", summary: "The column that holds train, val or test." },
    group: {
      type: "string",
      summary: "The column of patients, or of whatever may not be spread over splits.",
      default: null,
    },
    bag: {
      type: "string",
      summary: "The column of the bags that images are instances of, e.g. the CT scan of a slice.",
      default: null,
    },
    ...readingParams,
  },
  inputs: {},
  output: "dataset",
  facts: {
    ...readingFacts,
    labels: [
      { is: "multi-label", where: { labels: "set" } },
      { is: "single-label", where: { label: "set" } },
    ],
    patients: [{ is: false, where: { group: "unset" } }, { is: true }],
    bags: [{ is: false, where: { bag: "unset" } }, { is: true }],
    classNames: ["classes", "labels"],
    onlyWith: { separator: "labels", none: "labels", uncertain: "labels", blank: "labels" },
  },
} as const satisfies OpSignature;

type CsvParams = ParamsOf<(typeof signature)["params"]>;

/** An example's id and locator are its path relative to the root; patients and bags are stored as keyed hashes only. */
export const csv: DatasetFormat = fileDataset({
  signature,
  root: (params) => rootOf(paramsOf(signature, { params })),
  list: async (given) => {
    const params = paramsOf(signature, { params: given });
    const table = await readTable(params);
    const labelled = readCsvLabels(table, params);
    const splits = readSplitColumn(table, params.split);
    const patients = params.group === null ? null : readIdentifiers(table, params.group);
    const bags = params.bag === null ? null : readIdentifiers(table, params.bag);
    const names = readPaths(table, params.path);
    const root = rootOf(params);
    const found = await areReadable(names.map((name) => join(root, name)));
    const images = names.map((name, row) => ({
      ...{
        name,
        locator: found[row] === true ? name : null,
        split: splits[row]!,
        place: cellPlace(table, table.rows[row]!, params.path),
      },
      ...{ patient: patients?.[row] ?? null, bag: bags?.[row] ?? null },
    }));
    return { ...labelled, images, lists: separatorFile(params.file.path) };
  },
});

function rootOf({ root, file }: CsvParams): string {
  return root === null ? dirname(file.path) : root.path;
}

async function readTable({ file }: CsvParams): Promise<CsvTable> {
  return parseCsvTable(file.path, await readSourceFile({ name: file.path, path: file.path }));
}

/** Relative names with `/`, each once and each inside the root. */
function readPaths(table: CsvTable, column: string): readonly string[] {
  const index = columnIndex(table, column);
  const lines = new Map<string, number>();
  return table.rows.map((row) => {
    const place = cellPlace(table, row, column);
    const name = posix.normalize(requireValue(table, row, { column, index }));
    if (isAbsolute(name) || name.split("/").includes("..") || name === ".") {
      throw new OpError(
        "path-outside-root",
        `${place}: ${JSON.stringify(name)} does not lie below the root.`,
        "Write paths relative to `root`, without `..`.",
      );
    }
    const earlier = lines.get(name);
    if (earlier !== undefined) {
      throw new OpError(
        "csv-path-twice",
        `${place}: ${name} stands in line ${String(earlier)} already.`,
        "List each image once.",
      );
    }
    lines.set(name, row.line);
    return name;
  });
}
