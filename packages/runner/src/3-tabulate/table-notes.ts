import type { BestSpec } from "@exp-lab/dsl";
import { groupBy } from "./group-by.ts";
import type { Cell, Labels } from "./table.ts";
import { describeTraining, rangeOf, rangeText } from "./training-counts.ts";

/** How many places a note names before it only counts the rest. */
const namedPlaces = 6;

/**
 * The notes of all cells, each sentence once, in order of first appearance. A sentence that does not hold for the whole
 * table begins with the columns, rows or cells it is about.
 */
export function tableNotes(
  cells: readonly Cell[],
  best: BestSpec | null,
  testMethods: readonly string[],
): readonly string[] {
  // A cell that has nothing stored has had no occasion to say anything.
  const answered = cells.filter((cell) => cell.done > 0 || cell.notes.length > 0);
  return [
    ...placeNotes(answered, (cell) => cell.notes),
    ...intervalNotes(answered),
    ...trainingNotes(answered),
    ...bestNote(cells, best, testMethods),
  ];
}

/** What is said of some of the cells, each sentence once and with its place. */
function placeNotes(cells: readonly Cell[], notesOf: (cell: Cell) => readonly string[]): readonly string[] {
  const sentences = [...new Set(cells.flatMap(notesOf))];
  return sentences.map((sentence) => {
    const about = cells.filter((cell) => notesOf(cell).includes(sentence));
    const place = placeOf(about, cells);
    return place === null ? sentence : `${place}: ${sentence}`;
  });
}

/** The caption names a method that all intervals share; several have to be told cell by cell. */
function intervalNotes(cells: readonly Cell[]): readonly string[] {
  const methods = new Set(cells.flatMap(({ ciMethod }) => ciMethod ?? []));
  if (methods.size < 2) return [];
  return placeNotes(cells, ({ ciMethod }) => (ciMethod === null ? [] : [`The interval is by ${ciMethod}.`]));
}

/** The numbers of training examples where there are few; only that they differ where telling them all would flood the page. */
function trainingNotes(cells: readonly Cell[]): readonly string[] {
  const notesOf = (cell: Cell): readonly string[] => {
    const sentence = describeTraining(cell);
    return sentence === null ? [] : [sentence];
  };
  const few = cells.filter((cell) => notesOf(cell).length > 0);
  if (new Set(few.flatMap(notesOf)).size <= namedPlaces) return placeNotes(cells, notesOf);
  const examples = rangeOf(few.flatMap(({ nTrain }) => (nTrain === null ? [] : [nTrain.least, nTrain.most])));
  const counts = examples === null ? "" : `: ${rangeText(examples)} in all`;
  return [
    `Training examples are few, and as many as each cell's draws gave${counts} (nTrain in the JSON of this table).`,
  ];
}

/** The shortest true name for a set of cells; null for all of them. */
function placeOf(about: readonly Cell[], all: readonly Cell[]): string | null {
  if (about.length === all.length) return null;
  const names =
    wholeGroups(about, all, (cell) => labelText(cell.column)) ??
    wholeGroups(about, all, (cell) => labelText(cell.row)) ??
    wholeGroups(about, all, (cell) => cell.metric) ??
    wholeGroups(about, all, (cell) => joinLabels([labelText(cell.row), labelText(cell.column)])) ??
    about.map((cell) => joinLabels([labelText(cell.row), labelText(cell.column), cell.metric]));
  const rest = names.length - namedPlaces;
  // Naming one place and "1 more" would be longer than naming both.
  if (rest <= 1) return names.join(", ");
  return `${names.slice(0, namedPlaces).join(", ")} and ${String(rest)} more`;
}

/** The names of the groups that make up exactly the cells in question; null where some group is in it only in part. */
function wholeGroups(
  about: readonly Cell[],
  all: readonly Cell[],
  nameOf: (cell: Cell) => string,
): readonly string[] | null {
  const counts = new Map([...groupBy(all, nameOf)].map(([name, cells]) => [name, cells.length]));
  const groups = groupBy(about, nameOf);
  const isWhole = [...groups].every(([name, cells]) => name !== "" && cells.length === counts.get(name));
  return isWhole ? [...groups.keys()] : null;
}

function bestNote(cells: readonly Cell[], best: BestSpec | null, testMethods: readonly string[]): readonly string[] {
  const marked = cells.filter((cell) => cell.best);
  if (best === null || marked.length === 0) return [];
  const place = best.per === "table" ? "the table" : `each ${best.per}`;
  const source = marked.some((cell) => /\btest\b/.test(cell.metric))
    ? "the test scores themselves"
    : "the scores shown";
  const tests =
    testMethods.length === 0 ? "; its lead over the others is not tested." : `. Tests: ${joinMethods(testMethods)}.`;
  return [`The best of ${place} was picked on ${source}${tests}`];
}

/** Methods that differ only in how many tests there were, as they do where columns have different rows, are one. */
function joinMethods(methods: readonly string[]): string {
  const ending = /(\d+) tests?$/u;
  const alike = [...groupBy(methods, (method) => method.replace(ending, ""))];
  const joined = alike.map(([beginning, group]) => {
    const counts = rangeOf(group.flatMap((method) => Number(ending.exec(method)?.[1] ?? [])));
    return group.length > 1 && counts !== null ? `${beginning}${rangeText(counts)} tests` : group.join("; ");
  });
  return joined.join("; ");
}

function labelText(labels: Labels): string {
  return joinLabels(Object.values(labels).flatMap((label) => (label === null ? [] : [String(label)])));
}

function joinLabels(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" · ");
}
