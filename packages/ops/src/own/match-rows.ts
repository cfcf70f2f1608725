import type { Example, ExampleSet, LabelledExamples } from "../artifacts/examples.ts";
import { OpError } from "../op-error.ts";
import type { OwnFile } from "./own-file.ts";
import type { RowNames } from "./row-names.ts";

export interface MatchOptions {
  readonly own: OwnFile;
  readonly rows: RowNames;
  readonly examples: ExampleSet;
  /** The whole data set: a row of another split is not one too many. */
  readonly dataset: LabelledExamples;
  readonly extra: "error" | "ignore";
  /** Whether two rows have the same values. */
  readonly isSame: (row: number, other: number) => boolean;
}

/**
 * The row of the file for each example, in the order of the examples.
 * @throws OpError `own-rows-missing`, `own-rows-unknown`, `own-rows-repeated`, or `own-rows-of-views`
 */
export function matchRows(options: MatchOptions): readonly number[] {
  const { own, examples } = options;
  const view = examples.examples.find((example) => example.view !== undefined);
  if (view !== undefined) {
    throw new OpError(
      "own-rows-of-views",
      `The examples are augmented views (of ${view.id} and others), of which ${own.file} can hold nothing.`,
      "Leave `views` out for what comes from a file, or let a backbone of this tool compute the features.",
    );
  }
  const rowOf = indexRows(options);
  requireAllKnown(rowOf, options);
  requireNoneMissing(rowOf, options);
  const nameOf = naming(options.rows.key);
  return examples.examples.map((example) => rowOf.get(nameOf(example))!);
}

function naming(key: RowNames["key"]): (example: Example) => string {
  return key === "id" ? (example) => example.id : (example) => example.digest;
}

/** Identical images have one digest: rows of one digest may repeat, with the same values. Ids may not. */
function indexRows({ own, rows, isSame }: MatchOptions): ReadonlyMap<string, number> {
  const rowOf = new Map<string, number>();
  const repeated = new Set<string>();
  rows.names.forEach((name, row) => {
    const first = rowOf.get(name);
    if (first === undefined) rowOf.set(name, row);
    else if (rows.key === "id" || !isSame(first, row)) repeated.add(name);
  });
  if (repeated.size === 0) return rowOf;
  const times = rows.key === "id" ? "more than once" : "more than once, with different values";
  throw new OpError(
    "own-rows-repeated",
    `${own.file} names ${countOf(repeated.size, rows.key)} ${times}: ${firstOf([...repeated])}.`,
    rows.key === "id" ? "Save one row per example." : "Identical images share a digest: name the rows by `ids`.",
  );
}

function requireAllKnown(rowOf: ReadonlyMap<string, number>, { own, rows, dataset, extra }: MatchOptions): void {
  if (extra === "ignore") return;
  const known = new Set(dataset.examples.map(naming(rows.key)));
  const unknown = [...rowOf.keys()].filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new OpError(
    "own-rows-unknown",
    `${own.file} names ${countOf(unknown.length, rows.key)} that the data set does not have: ${firstOf(unknown)}.${example(dataset, rows.key)}`,
    "Leave such rows out of the file, or set `extra: ignore` where it covers other data sets too.",
  );
}

/** What a name of the data set looks like: most often it is only spelt otherwise. */
function example({ examples }: LabelledExamples, key: RowNames["key"]): string {
  const [first] = examples;
  return first === undefined ? "" : ` Its own are like ${naming(key)(first)}.`;
}

function requireNoneMissing(rowOf: ReadonlyMap<string, number>, { own, rows, examples }: MatchOptions): void {
  const nameOf = naming(rows.key);
  const missing = examples.examples.filter((each) => !rowOf.has(nameOf(each)));
  if (missing.length === 0) return;
  const digest = rows.key === "digest" ? " (by digest)" : "";
  throw new OpError(
    "own-rows-missing",
    `${own.file} has no row for ${String(missing.length)} of the ${String(examples.examples.length)} examples of this split${digest}: ${firstOf(missing.map(({ id }) => id))}.`,
    "Every example needs a row; `exp export splits FILE` lists the examples of each split.",
  );
}

function countOf(count: number, key: RowNames["key"]): string {
  return `${String(count)} ${key}${count === 1 ? "" : "s"}`;
}

const namesShown = 5;

function firstOf(names: readonly string[]): string {
  const rest = names.length - namesShown;
  return `${names.slice(0, namesShown).join(", ")}${rest > 0 ? ` and ${String(rest)} more` : ""}`;
}
