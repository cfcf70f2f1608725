import type { BestSpec } from "@exp-lab/dsl";
import { groupBy } from "./group-by.ts";
import type { Cell, Labels } from "./table.ts";

/** How many places a note names before it only counts the rest. */
const namedPlaces = 6;

/**
 * The notes of all cells, each sentence once, in order of first appearance. A sentence that does not hold for the whole
 * table begins with the columns, rows or cells it is about.
 */
export function tableNotes(cells: readonly Cell[], best: BestSpec | null): readonly string[] {
  // A cell that has nothing stored has had no occasion to say anything.
  const answered = cells.filter((cell) => cell.done > 0 || cell.notes.length > 0);
  const sentences = [...new Set(cells.flatMap((cell) => cell.notes))];
  const notes = sentences.map((sentence) => {
    const about = answered.filter((cell) => cell.notes.includes(sentence));
    const place = placeOf(about, answered);
    return place === null ? sentence : `${place}: ${sentence}`;
  });
  return [...notes, ...bestNote(cells, best)];
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

function bestNote(cells: readonly Cell[], best: BestSpec | null): readonly string[] {
  const marked = cells.filter((cell) => cell.best);
  if (best === null || marked.length === 0) return [];
  const place = best.per === "table" ? "the table" : `each ${best.per}`;
  const source = marked.some((cell) => /\btest\b/.test(cell.metric))
    ? "the test scores themselves"
    : "the scores shown";
  return [`The best of ${place} was picked on ${source}; its lead over the others is not tested.`];
}

function labelText(labels: Labels): string {
  return joinLabels(Object.values(labels).flatMap((label) => (label === null ? [] : [String(label)])));
}

function joinLabels(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" · ");
}
