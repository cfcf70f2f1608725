import type { CellSpec, TaskGraph, TaskId } from "@exp-lab/dsl";
import { scoreTasks } from "../../1-plan/needed-tasks.ts";
import type { PlannedTask } from "../../1-plan/plan.ts";
import { countOf } from "../../4-report/count.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";

/** More matches than this are listed instead of explained. */
const explainedAtOnce = 5;

/** The tasks that are meant: one by its id or label, or those whose words fit. @throws CommandError (2) for none or too many */
export function chooseTasks(
  wanted: string,
  graph: TaskGraph,
  planned: ReadonlyMap<TaskId, PlannedTask>,
): readonly PlannedTask[] {
  const all = [...planned.values()];
  const exact = all.filter(({ task }) => task.id === wanted || task.label === wanted);
  if (exact.length > 0) return exact;
  const words = wanted
    .toLowerCase()
    .split(/[\s,·/]+/)
    .filter((word) => word !== "");
  const cells = graph.tables.flatMap(({ cells: ofTable }) => ofTable);
  const scored = cells.flatMap((cell) => scoreTasks(cell.value).map((id) => ({ id, words: cellWords(cell) })));
  const withIds = (ids: ReadonlySet<TaskId>): readonly PlannedTask[] => all.filter(({ task }) => ids.has(task.id));
  const wordsOf = (id: TaskId): readonly string[] => labelWords(planned.get(id));
  const ways = [
    () => withIds(new Set(scored.flatMap((cell) => (hasWords(cell.words, words) ? cell.id : [])))),
    () => all.filter(({ task }) => hasWords(wordsOf(task.id), words)),
    // Some words of a cell, others of the task that scores it.
    () =>
      withIds(new Set(scored.flatMap(({ id, words: own }) => (hasWords([...own, ...wordsOf(id)], words) ? id : [])))),
  ];
  const found = ways.map((way) => way()).find((tasks) => tasks.length > 0) ?? [];
  if (found.length > 0 && found.length <= explainedAtOnce) return found;
  throw notOne(wanted, found, all);
}

/** Choices shown where the words fit none or too many. */
const shownChoices = 30;

function notOne(wanted: string, found: readonly PlannedTask[], all: readonly PlannedTask[]): CommandError {
  const choices = found.length > 0 ? found : all;
  const lines = choices.slice(0, shownChoices).map(({ task }) => `\n  ${task.id}  ${task.label}`);
  const more = choices.length - lines.length;
  const list = lines.join("") + (more > 0 ? `\n  ... and ${String(more)} more` : "");
  if (found.length > 0) {
    const count = countOf(found.length, "task");
    return new CommandError(exitCodes.wrong, `"${wanted}" fits ${count}. Name one of them:${list}`);
  }
  const known = all.length === 0 ? "It has no task." : `Its tasks are:${list}`;
  return new CommandError(exitCodes.wrong, `Nothing in this program fits "${wanted}". ${known}`);
}

function hasWords(words: readonly string[], wanted: readonly string[]): boolean {
  return wanted.length > 0 && wanted.every((word) => words.includes(word));
}

function labelWords(planned: PlannedTask | undefined): readonly string[] {
  return planned === undefined ? [] : [planned.task.id, ...planned.task.label.toLowerCase().split(/[\s·]+/)];
}

function cellWords({ row, column, metric }: CellSpec): readonly string[] {
  return [...Object.values(row), ...Object.values(column), metric].map((label) => String(label).toLowerCase());
}
